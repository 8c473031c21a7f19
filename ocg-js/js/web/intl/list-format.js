/** Intl.ListFormat. */
import { dataFor, resolve, supportedLocalesOf } from "ocg:web/intl/locales";
import { objectOf, option } from "ocg:web/intl/options";

/** `[between, between the last two, between only two]` by type and style. */
const LISTS = {
  en: {
    conjunction: {
      long: [", ", ", and ", " and "],
      short: [", ", ", & ", " & "],
      narrow: [", ", ", ", ", "],
    },
    disjunction: {
      long: [", ", ", or ", " or "],
      short: [", ", ", or ", " or "],
      narrow: [", ", ", or ", " or "],
    },
    unit: { long: [", ", ", ", ", "], short: [", ", ", ", ", "], narrow: [" ", " ", " "] },
  },
  "en-GB": {
    conjunction: {
      long: [", ", " and ", " and "],
      short: [", ", " and ", " and "],
      narrow: [", ", ", ", ", "],
    },
    disjunction: {
      long: [", ", " or ", " or "],
      short: [", ", " or ", " or "],
      narrow: [", ", " or ", " or "],
    },
    unit: { long: [", ", ", ", ", "], short: [", ", ", ", ", "], narrow: [" ", " ", " "] },
  },
  sv: {
    conjunction: {
      long: [", ", " och ", " och "],
      short: [", ", " och ", " och "],
      narrow: [", ", ", ", ", "],
    },
    disjunction: {
      long: [", ", " eller ", " eller "],
      short: [", ", " eller ", " eller "],
      narrow: [", ", " eller ", " eller "],
    },
    unit: { long: [", ", ", ", ", "], short: [", ", ", ", ", "], narrow: [" ", " ", " "] },
  },
  zh: {
    conjunction: {
      long: ["、", "和", "和"],
      short: ["、", "和", "和"],
      narrow: ["、", "、", "、"],
    },
    disjunction: {
      long: ["、", "或", "或"],
      short: ["、", "或", "或"],
      narrow: ["、", "或", "或"],
    },
    unit: { long: ["", "", ""], short: ["", "", ""], narrow: ["", "", ""] },
  },
};

export class ListFormat {
  #locale;
  #type;
  #style;

  constructor(locales, options) {
    const read = objectOf(options);
    this.#locale = resolve(locales);
    this.#type = option(
      read,
      "type",
      ["conjunction", "disjunction", "unit"],
      "conjunction",
      "Intl.ListFormat",
    );
    this.#style = option(read, "style", ["long", "short", "narrow"], "long", "Intl.ListFormat");
  }

  formatToParts(list = []) {
    const items = [...list];
    for (const item of items) {
      if (typeof item !== "string")
        throw new TypeError(`Iterable yielded ${String(item)} which is not a string`);
    }
    const [between, last, two] = dataFor(LISTS, this.#locale)[this.#type][this.#style];
    return items.flatMap((value, at) => {
      const element = { type: "element", value };
      if (at === 0) return [element];
      const joint = items.length === 2 ? two : at === items.length - 1 ? last : between;
      return joint ? [{ type: "literal", value: joint }, element] : [element];
    });
  }

  format(list) {
    return this.formatToParts(list)
      .map((part) => part.value)
      .join("");
  }

  resolvedOptions() {
    return { locale: this.#locale, type: this.#type, style: this.#style };
  }

  static supportedLocalesOf(locales) {
    return supportedLocalesOf(locales);
  }

  get [Symbol.toStringTag]() {
    return "Intl.ListFormat";
  }
}
