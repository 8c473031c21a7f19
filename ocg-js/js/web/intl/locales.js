/** Language tags: which ones have data here, and which data a request gets. */

/** Data exists for these; a tag without an exact match loses its last part until one matches. */
const AVAILABLE = [
  "en",
  "en-US",
  "en-GB",
  "en-CA",
  "sv",
  "sv-SE",
  "zh",
  "zh-CN",
  "zh-Hans",
  "zh-Hans-CN",
];
const DEFAULT = "en-US";

const TAG =
  /^[a-z]{2,3}(-[a-z]{4})?(-(?:[a-z]{2}|\d{3}))?(-(?:[a-z\d]{5,8}|\d[a-z\d]{3}))*(-[a-wyz\d](?:-[a-z\d]{2,8})+)*(-x(?:-[a-z\d]{1,8})+)?$/i;

/** A tag in its usual spelling, as `Intl.getCanonicalLocales` gives it. */
export function canonical(tag) {
  if (typeof tag !== "string" && (typeof tag !== "object" || tag === null))
    throw new TypeError("Incorrect locale information provided");
  const text = String(tag);
  if (!TAG.test(text)) throw new RangeError(`Incorrect locale information provided`);
  let extended = false;
  return text
    .split("-")
    .map((part, at) => {
      extended ||= at > 0 && part.length === 1;
      if (at === 0 || extended) return part.toLowerCase();
      if (part.length === 4 && !/^\d/.test(part))
        return part[0].toUpperCase() + part.slice(1).toLowerCase();
      return part.length === 2 ? part.toUpperCase() : part.toLowerCase();
    })
    .join("-");
}

/** @returns {string[]} */
export function canonicalList(locales) {
  if (locales === undefined) return [];
  const list =
    typeof locales === "string" || !(Symbol.iterator in Object(locales)) ? [locales] : [...locales];
  return [...new Set(list.map(canonical))];
}

const withoutExtensions = (tag) => tag.replace(/-[a-wyz\d]-.*$|-x-.*$/, "");

function lookup(tag) {
  let rest = withoutExtensions(tag);
  while (rest) {
    if (AVAILABLE.includes(rest)) return rest;
    rest = rest.slice(0, Math.max(rest.lastIndexOf("-"), 0));
  }
  return undefined;
}

/** The tag that is served for a request. */
export function resolve(locales) {
  for (const tag of canonicalList(locales)) {
    const found = lookup(tag);
    if (found) return found;
  }
  return DEFAULT;
}

export function supportedLocalesOf(locales) {
  return canonicalList(locales).filter((tag) => lookup(tag) !== undefined);
}

/** The member of `data` for a resolved tag: its own, or its language's. */
export function dataFor(data, locale) {
  return data[locale] ?? data[locale.slice(0, 2)];
}
