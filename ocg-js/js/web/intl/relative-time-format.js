/** Intl.RelativeTimeFormat. Swedish is served in its long style alone. */
import { resolve, supportedLocalesOf } from "ocg:web/intl/locales";
import { NumberFormat } from "ocg:web/intl/number-format";
import { objectOf, option } from "ocg:web/intl/options";

const UNITS = ["second", "minute", "hour", "day", "week", "month", "quarter", "year"];

const ENGLISH_SHORT = {
  second: ["sec."],
  minute: ["min."],
  hour: ["hr."],
  day: ["day", "days"],
  week: ["wk."],
  month: ["mo."],
  quarter: ["qtr.", "qtrs."],
  year: ["yr."],
};
const ENGLISH_NARROW = {
  second: "s",
  minute: "m",
  hour: "h",
  day: "d",
  week: "w",
  month: "mo",
  quarter: "q",
  year: "y",
};

const WORDS = {
  en: {
    unit(unit, one, style) {
      if (style === "long") return ` ${unit}${one ? "" : "s"}`;
      if (style === "narrow") return ENGLISH_NARROW[unit];
      return ` ${ENGLISH_SHORT[unit][one ? 0 : 1] ?? ENGLISH_SHORT[unit][0]}`;
    },
    future: ["in ", ""],
    past: ["", " ago"],
    named: {
      second: { 0: "now" },
      day: { "-1": "yesterday", 0: "today", 1: "tomorrow" },
    },
    near(unit, value, style) {
      if (unit === "minute" || unit === "hour") return value === 0 ? `this ${unit}` : undefined;
      const words = { "-1": "last", 0: "this", 1: "next" };
      const name = style === "long" ? unit : ENGLISH_SHORT[unit][0];
      return words[value] && `${words[value]} ${name}`;
    },
  },
  sv: {
    unit(unit, one) {
      const forms = {
        second: ["sekund", "sekunder"],
        minute: ["minut", "minuter"],
        hour: ["timme", "timmar"],
        day: ["dag", "dagar"],
        week: ["vecka", "veckor"],
        month: ["månad", "månader"],
        quarter: ["kvartal", "kvartal"],
        year: ["år", "år"],
      };
      return ` ${forms[unit][one ? 0 : 1]}`;
    },
    future: ["om ", ""],
    past: ["för ", " sedan"],
    named: {
      second: { 0: "nu" },
      day: { "-2": "i förrgår", "-1": "i går", 0: "i dag", 1: "i morgon", 2: "i övermorgon" },
      minute: { 0: "denna minut" },
      hour: { 0: "denna timme" },
      week: { "-1": "förra veckan", 0: "denna vecka", 1: "nästa vecka" },
      month: { "-1": "förra månaden", 0: "den här månaden", 1: "nästa månad" },
      quarter: { "-1": "förra kvartalet", 0: "detta kvartal", 1: "nästa kvartal" },
      year: { "-1": "förra året", 0: "i år", 1: "nästa år" },
    },
    near: () => undefined,
  },
  zh: {
    unit: (unit) =>
      ({
        second: "秒钟",
        minute: "分钟",
        hour: "小时",
        day: "天",
        week: "周",
        month: "个月",
        quarter: "个季度",
        year: "年",
      })[unit],
    future: ["", "后"],
    past: ["", "前"],
    named: {
      second: { 0: "现在" },
      minute: { 0: "此刻" },
      hour: { 0: "这一时间 / 此时" },
      day: { "-2": "前天", "-1": "昨天", 0: "今天", 1: "明天", 2: "后天" },
      week: { "-1": "上周", 0: "本周", 1: "下周" },
      month: { "-1": "上个月", 0: "本月", 1: "下个月" },
      quarter: { "-1": "上季度", 0: "本季度", 1: "下季度" },
      year: { "-1": "去年", 0: "今年", 1: "明年" },
    },
    near: () => undefined,
  },
};

const literal = (text) => (text ? [{ type: "literal", value: text }] : []);

export class RelativeTimeFormat {
  #locale;
  #style;
  #numeric;
  #numbers;

  constructor(locales, options) {
    const read = objectOf(options);
    this.#locale = resolve(locales);
    this.#style = option(
      read,
      "style",
      ["long", "short", "narrow"],
      "long",
      "Intl.RelativeTimeFormat",
    );
    this.#numeric = option(
      read,
      "numeric",
      ["always", "auto"],
      "always",
      "Intl.RelativeTimeFormat",
    );
    this.#numbers = new NumberFormat(this.#locale);
  }

  formatToParts(value, unit) {
    const number = Number(value);
    const name = String(unit).replace(/s$/, "");
    if (!UNITS.includes(name))
      throw new RangeError(
        `Invalid unit argument for Intl.RelativeTimeFormat.prototype.format() '${unit}'`,
      );
    if (!Number.isFinite(number)) throw new RangeError("Invalid time value");
    const words = WORDS[this.#locale.slice(0, 2)];
    if (this.#numeric === "auto") {
      const phrase = words.named[name]
        ? words.named[name][number]
        : words.near(name, number, this.#style);
      if (phrase !== undefined) return [{ type: "literal", value: phrase }];
    }
    const amount = Math.abs(number);
    const [before, after] = number < 0 || Object.is(number, -0) ? words.past : words.future;
    const digits = this.#numbers.formatToParts(amount).map((part) => ({ ...part, unit: name }));
    return [
      ...literal(before),
      ...digits,
      ...literal(words.unit(name, amount === 1, this.#style) + after),
    ];
  }

  format(value, unit) {
    return this.formatToParts(value, unit)
      .map((part) => part.value)
      .join("");
  }

  resolvedOptions() {
    return {
      locale: this.#locale,
      style: this.#style,
      numeric: this.#numeric,
      numberingSystem: "latn",
    };
  }

  static supportedLocalesOf(locales) {
    return supportedLocalesOf(locales);
  }

  get [Symbol.toStringTag]() {
    return "Intl.RelativeTimeFormat";
  }
}
