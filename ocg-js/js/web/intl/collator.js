/**
 * Intl.Collator: the root order of Unicode for ASCII and for letters with marks. All other
 * characters follow by number: Chinese is not sorted by pronunciation.
 */
import { resolve, supportedLocalesOf } from "ocg:web/intl/locales";
import { flag, objectOf, option } from "ocg:web/intl/options";

const ORDER = "\t\n\v\f\r _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0123456789";
const RANK = new Map([...ORDER].map((character, at) => [character, at]));
const PUNCTUATION = /[\s_\-,;:!?.'"()[\]{}@*/\\&#%]/u;
const MARK = /\p{M}/u;

/** Letters come after everything in `ORDER`, regardless of case. */
const primary = (character) =>
  RANK.get(character) ?? ORDER.length + character.toLowerCase().codePointAt(0);

function elements(text, settings) {
  const found = [];
  for (const character of text.normalize("NFD")) {
    if (MARK.test(character)) {
      if (found.length > 0) found.at(-1).marks += character;
    } else if (settings.ignorePunctuation && PUNCTUATION.test(character)) continue;
    else if (settings.numeric && /\d/.test(character)) {
      const last = found.at(-1);
      if (last?.number !== undefined) last.number += character;
      else found.push({ rank: RANK.get("0"), number: character, marks: "", upper: 0 });
    } else {
      const upper = character !== character.toLowerCase() ? 1 : 0;
      found.push({ rank: primary(character), marks: "", upper });
    }
  }
  return found;
}

function byNumber(one, other) {
  const [left, right] = [one.replace(/^0+/, ""), other.replace(/^0+/, "")];
  return left.length - right.length || (left < right ? -1 : left > right ? 1 : 0);
}

function byRank(one, other) {
  for (let at = 0; at < one.length && at < other.length; at++) {
    const [left, right] = [one[at], other[at]];
    const numbers = left.number !== undefined && right.number !== undefined;
    const found = left.rank - right.rank || (numbers ? byNumber(left.number, right.number) : 0);
    if (found) return found;
  }
  return one.length - other.length;
}

function byKey(one, other, key) {
  for (let at = 0; at < one.length; at++) {
    const [left, right] = [one[at][key], other[at][key]];
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}

export function compareTexts(left, right, settings) {
  if (left === right) return 0;
  const [one, other] = [elements(left, settings), elements(right, settings)];
  const { sensitivity, caseFirst } = settings;
  let found = byRank(one, other);
  if (!found && (sensitivity === "accent" || sensitivity === "variant"))
    found = byKey(one, other, "marks");
  if (!found && (sensitivity === "case" || sensitivity === "variant"))
    found = byKey(one, other, "upper") * (caseFirst === "upper" ? -1 : 1);
  return Math.sign(found);
}

export class Collator {
  #locale;
  #settings;
  #compare;

  constructor(locales, options) {
    const read = objectOf(options);
    this.#locale = resolve(locales);
    const choose = (name, allowed, fallback) =>
      option(read, name, allowed, fallback, "Intl.Collator");
    const asked =
      typeof locales === "string" && /-u-(?:[a-z\d-]+-)?kn(?:-true)?(?:-|$)/.test(locales);
    this.#settings = {
      usage: choose("usage", ["sort", "search"], "sort"),
      sensitivity: choose("sensitivity", ["base", "accent", "case", "variant"], "variant"),
      ignorePunctuation: flag(read, "ignorePunctuation", false),
      collation: "default",
      numeric: flag(read, "numeric", asked),
      caseFirst: choose("caseFirst", ["upper", "lower", "false"], "false"),
    };
  }

  get compare() {
    this.#compare ??= (left, right) => compareTexts(String(left), String(right), this.#settings);
    return this.#compare;
  }

  resolvedOptions() {
    return { locale: this.#locale, ...this.#settings };
  }

  static supportedLocalesOf(locales) {
    return supportedLocalesOf(locales);
  }

  get [Symbol.toStringTag]() {
    return "Intl.Collator";
  }
}
