// atob and btoa (HTML Standard).

import * as native from "ocg:native/buffer";

const BASE64 = 2;
const LATIN1 = 4;

function invalid(message) {
  if (typeof DOMException === "function") return new DOMException(message, "InvalidCharacterError");
  const error = new Error(message);
  error.name = "InvalidCharacterError";
  error.code = 5;
  return error;
}

/** @param {string} text each character stands for one byte */
export function btoa(text) {
  const input = String(text);
  if (/[^\0-\xff]/.test(input)) throw invalid("Invalid character");
  const bytes = new Uint8Array(native.fromString(input, LATIN1));
  return native.toString(bytes, BASE64, 0, bytes.length);
}

/** @param {string} text base64, white space allowed */
export function atob(text) {
  let input = String(text).replace(/[\t\n\f\r ]/g, "");
  if (input.length % 4 === 0) input = input.replace(/={1,2}$/, "");
  if (input.length % 4 === 1 || /[^A-Za-z0-9+/]/.test(input)) {
    throw invalid("The string to be decoded is not correctly encoded.");
  }
  const bytes = new Uint8Array(native.fromString(input, BASE64));
  return native.toString(bytes, LATIN1, 0, bytes.length);
}
