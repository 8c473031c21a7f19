// DER (X.690) and PEM (RFC 7468), as much as keys and certificates need.

import { Buffer } from "node:buffer";

export const INTEGER = 0x02;
export const SEQUENCE = 0x30;

/** One element at `at`: `{ tag, body, raw, end }`. */
export function readElement(bytes, at = 0) {
  const tag = bytes[at];
  let length = bytes[at + 1];
  let start = at + 2;
  if (length > 0x80) {
    const count = length & 0x7f;
    length = 0;
    for (let place = 0; place < count; place++) length = length * 256 + bytes[start + place];
    start += count;
  }
  const end = start + length;
  if (!(end <= bytes.length)) throw new RangeError("truncated DER");
  return { tag, body: bytes.subarray(start, end), raw: bytes.subarray(at, end), end };
}

/** The elements inside a constructed one. */
export function children(body) {
  const found = [];
  for (let at = 0; at < body.length;) {
    const element = readElement(body, at);
    found.push(element);
    at = element.end;
  }
  return found;
}

export function element(tag, ...parts) {
  const body = Buffer.concat(parts);
  let length = [body.length];
  if (body.length >= 0x80) {
    const digits = [];
    for (let rest = body.length; rest > 0; rest = Math.floor(rest / 256))
      digits.unshift(rest % 256);
    length = [0x80 | digits.length, ...digits];
  }
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

/** A number that is not negative, from its bytes. */
export function integer(bytes) {
  let at = 0;
  while (at < bytes.length - 1 && bytes[at] === 0) at++;
  const digits = Buffer.from(bytes.subarray(at));
  return element(INTEGER, Buffer.alloc(digits[0] >= 0x80 ? 1 : 0), digits);
}

/** The bytes of a number without the zero that keeps it positive. */
export function unsigned(body) {
  let at = 0;
  while (at < body.length - 1 && body[at] === 0) at++;
  return body.subarray(at);
}

export function oid(body) {
  const numbers = [];
  let value = 0;
  for (const byte of body) {
    value = value * 128 + (byte & 0x7f);
    if (byte & 0x80) continue;
    numbers.push(value);
    value = 0;
  }
  const first = Math.min(Math.floor(numbers[0] / 40), 2);
  return [first, numbers[0] - 40 * first, ...numbers.slice(1)].join(".");
}

/** `{ label, der }` of the first block, or undefined. */
export function readPem(text) {
  const found = /-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \1-----/.exec(text);
  if (!found) return undefined;
  const headers = /^[\w-]+:.*$/gm.test(found[2]);
  return { label: found[1], der: Buffer.from(found[2], "base64"), encrypted: headers };
}

export function writePem(label, der) {
  const lines = Buffer.from(der)
    .toString("base64")
    .replace(/.{64}(?=.)/g, "$&\n");
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
}
