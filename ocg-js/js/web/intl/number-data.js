/** Symbols and words of numbers, after Unicode CLDR. */

const ENGLISH = {
  decimal: ".",
  group: ",",
  minus: "-",
  percent: "%",
  currency: "¤0",
  symbols: {
    USD: "$",
    EUR: "€",
    GBP: "£",
    JPY: "¥",
    CNY: "CN¥",
    INR: "₹",
    KRW: "₩",
    CAD: "CA$",
    AUD: "A$",
    HKD: "HK$",
    TWD: "NT$",
  },
  compact: {
    short: [
      [3, "K"],
      [6, "M"],
      [9, "B"],
      [12, "T"],
    ],
    long: [
      [3, " thousand"],
      [6, " million"],
      [9, " billion"],
      [12, " trillion"],
    ],
  },
  units: {
    narrow: {
      second: "s",
      minute: "m",
      hour: "h",
      day: "d",
      week: "w",
      month: "m",
      year: "y",
      millisecond: "ms",
      byte: "B",
      kilobyte: "kB",
      megabyte: "MB",
      gigabyte: "GB",
      percent: "%",
      celsius: "°C",
      meter: "m",
      kilometer: "km",
    },
    short: {
      second: " sec",
      minute: " min",
      hour: " hr",
      day: [" day", " days"],
      week: [" wk", " wks"],
      month: [" mth", " mths"],
      year: [" yr", " yrs"],
      millisecond: " ms",
      byte: " byte",
      kilobyte: " kB",
      megabyte: " MB",
      gigabyte: " GB",
      percent: "%",
      celsius: "°C",
      meter: " m",
      kilometer: " km",
    },
    long: {
      second: [" second", " seconds"],
      minute: [" minute", " minutes"],
      hour: [" hour", " hours"],
      day: [" day", " days"],
      week: [" week", " weeks"],
      month: [" month", " months"],
      year: [" year", " years"],
      millisecond: [" millisecond", " milliseconds"],
      byte: [" byte", " bytes"],
      kilobyte: [" kilobyte", " kilobytes"],
      megabyte: [" megabyte", " megabytes"],
      gigabyte: [" gigabyte", " gigabytes"],
      percent: " percent",
      celsius: [" degree Celsius", " degrees Celsius"],
      meter: [" meter", " meters"],
      kilometer: [" kilometer", " kilometers"],
    },
  },
};

const SWEDISH = {
  ...ENGLISH,
  decimal: ",",
  group: "\u00a0",
  minus: "\u2212",
  percent: "\u00a0%",
  currency: "0\u00a0¤",
  symbols: { EUR: "€", SEK: "kr", USD: "US$" },
};

const CHINESE = {
  ...ENGLISH,
  symbols: { ...ENGLISH.symbols, CNY: "¥", JPY: "JP¥", USD: "US$", AUD: "AU$" },
  compact: {
    short: [
      [4, "万"],
      [8, "亿"],
      [12, "万亿"],
    ],
    long: [
      [4, "万"],
      [8, "亿"],
      [12, "万亿"],
    ],
  },
  units: Object.fromEntries(
    ["narrow", "short", "long"].map((style) => [
      style,
      {
        second: "秒",
        minute: style === "narrow" ? "分钟" : "分钟",
        hour: "小时",
        day: "天",
        week: "周",
        month: "个月",
        year: "年",
        millisecond: "毫秒",
        byte: style === "long" ? "字节" : "byte",
        kilobyte: "kB",
        megabyte: "MB",
        gigabyte: "GB",
        percent: "%",
        celsius: "°C",
        meter: style === "long" ? "米" : "m",
        kilometer: style === "long" ? "公里" : "km",
      },
    ]),
  ),
};

export const NUMBERS = {
  en: ENGLISH,
  "en-CA": { ...ENGLISH, symbols: { ...ENGLISH.symbols, CAD: "$", USD: "US$" } },
  "en-GB": { ...ENGLISH, symbols: { ...ENGLISH.symbols, USD: "US$", JPY: "JP¥" } },
  sv: SWEDISH,
  zh: CHINESE,
};

/** Symbols where no confusion is feared. */
export const NARROW = {
  AUD: "$",
  CAD: "$",
  CNY: "¥",
  EUR: "€",
  GBP: "£",
  HKD: "$",
  INR: "₹",
  JPY: "¥",
  KRW: "₩",
  SEK: "kr",
  TWD: "$",
  USD: "$",
};

/** Currencies without cents. */
export const WHOLE = new Set(["JPY", "KRW", "VND", "CLP", "ISK", "XAF", "XOF", "PYG", "UGX"]);
