/** Intl.PluralRules for English, Swedish and Chinese. */
import { resolve, supportedLocalesOf } from "ocg:web/intl/locales";
import { digitOptions, rounded } from "ocg:web/intl/number-format";
import { objectOf, option } from "ocg:web/intl/options";

const RULES = {
  en: {
    cardinal: (number, whole) => (number === 1 && whole ? "one" : "other"),
    ordinal(number) {
      const [ten, hundred] = [number % 10, number % 100];
      if (ten === 1 && hundred !== 11) return "one";
      if (ten === 2 && hundred !== 12) return "two";
      return ten === 3 && hundred !== 13 ? "few" : "other";
    },
  },
  sv: {
    cardinal: (number, whole) => (number === 1 && whole ? "one" : "other"),
    ordinal(number) {
      const [ten, hundred] = [number % 10, number % 100];
      return (ten === 1 || ten === 2) && hundred !== 11 && hundred !== 12 ? "one" : "other";
    },
  },
  zh: { cardinal: () => "other", ordinal: () => "other" },
};
const CATEGORIES = {
  en: { cardinal: ["one", "other"], ordinal: ["few", "one", "two", "other"] },
  sv: { cardinal: ["one", "other"], ordinal: ["one", "other"] },
  zh: { cardinal: ["other"], ordinal: ["other"] },
};

export class PluralRules {
  #locale;
  #type;
  #digits;

  constructor(locales, options) {
    const read = objectOf(options);
    this.#locale = resolve(locales);
    this.#type = option(read, "type", ["cardinal", "ordinal"], "cardinal", "Intl.PluralRules");
    this.#digits = digitOptions(read, 0, 3);
  }

  select(value) {
    const number = Number(value);
    if (!Number.isFinite(number)) return "other";
    const [whole, fraction] = rounded(number, this.#digits);
    const shown = Math.abs(Number(`${whole}.${fraction || 0}`));
    return RULES[this.#locale.slice(0, 2)][this.#type](shown, fraction === "");
  }

  resolvedOptions() {
    const { integers, fraction = [0, 3] } = this.#digits;
    return {
      locale: this.#locale,
      type: this.#type,
      minimumIntegerDigits: integers,
      minimumFractionDigits: fraction[0],
      maximumFractionDigits: fraction[1],
      pluralCategories: [...CATEGORIES[this.#locale.slice(0, 2)][this.#type]],
    };
  }

  static supportedLocalesOf(locales) {
    return supportedLocalesOf(locales);
  }

  get [Symbol.toStringTag]() {
    return "Intl.PluralRules";
  }
}
