// Names of encodings and the numbers by which Rust knows them.

const NUMBERS = new Map([
  ["utf8", 0],
  ["utf-8", 0],
  ["hex", 1],
  ["base64", 2],
  ["base64url", 3],
  ["latin1", 4],
  ["binary", 4],
  ["ascii", 5],
  ["utf16le", 6],
  ["utf-16le", 6],
  ["ucs2", 6],
  ["ucs-2", 6],
]);

export const CANONICAL = ["utf8", "hex", "base64", "base64url", "latin1", "ascii", "utf16le"];

/** @returns {number | undefined} nothing for a name that is no encoding */
export function encodingNumber(name) {
  if (name === undefined || name === null || name === "") return 0;
  return NUMBERS.get(name) ?? NUMBERS.get(String(name).toLowerCase());
}
