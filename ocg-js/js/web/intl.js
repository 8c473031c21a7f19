/** `Intl` for English, Swedish and Chinese; other languages are answered in en-US. */
import * as native from "ocg:native/intl";
import { Collator } from "ocg:web/intl/collator";
import { DateTimeFormat } from "ocg:web/intl/date-time-format";
import { ListFormat } from "ocg:web/intl/list-format";
import { Locale } from "ocg:web/intl/locale";
import { canonicalList } from "ocg:web/intl/locales";
import { NumberFormat } from "ocg:web/intl/number-format";
import { PluralRules } from "ocg:web/intl/plural-rules";
import { RelativeTimeFormat } from "ocg:web/intl/relative-time-format";
import { Segmenter } from "ocg:web/intl/segmenter";

/** These may be called without `new`. */
function callable(Class) {
  return new Proxy(Class, { apply: (target, self, list) => new target(...list) });
}

export const Intl = Object.defineProperty({}, Symbol.toStringTag, { value: "Intl" });

const members = {
  Collator: callable(Collator),
  DateTimeFormat: callable(DateTimeFormat),
  ListFormat,
  Locale,
  NumberFormat: callable(NumberFormat),
  PluralRules,
  RelativeTimeFormat,
  Segmenter,
  getCanonicalLocales: (locales) => canonicalList(locales),
  supportedValuesOf(key) {
    const values = {
      calendar: () => ["gregory"],
      collation: () => ["default"],
      currency: () => [
        "AUD",
        "CAD",
        "CNY",
        "EUR",
        "GBP",
        "HKD",
        "INR",
        "JPY",
        "KRW",
        "SEK",
        "TWD",
        "USD",
      ],
      numberingSystem: () => ["latn"],
      timeZone: () => native.timeZones(),
      unit: () => [
        "byte",
        "celsius",
        "day",
        "gigabyte",
        "hour",
        "kilobyte",
        "kilometer",
        "megabyte",
        "meter",
        "millisecond",
        "minute",
        "month",
        "percent",
        "second",
        "week",
        "year",
      ],
    };
    if (!Object.hasOwn(values, key)) throw new RangeError(`Invalid key : ${key}`);
    return values[key]();
  },
};
for (const [name, value] of Object.entries(members)) {
  Object.defineProperty(Intl, name, { value, writable: true, configurable: true });
}

/** What `toLocaleString` and its kin do, by the name of the type and of the method. */
export const locale = {
  date(date, locales, options, required, defaults) {
    if (Number.isNaN(date.getTime())) return "Invalid Date";
    return new DateTimeFormat(locales, options, required, defaults).format(date);
  },
  number: (number, locales, options) => new NumberFormat(locales, options).format(number),
  compare: (left, right, locales, options) => new Collator(locales, options).compare(left, right),
};
