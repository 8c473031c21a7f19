// Header fields of HTTP/1.1 (RFC 9110, 5) as Node keeps them.

import { nodeError } from "node:internal/errors";

export function validateHeaderName(name, label = "Header name") {
  if (typeof name !== "string" || !/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name))
    throw nodeError(
      TypeError,
      "ERR_INVALID_HTTP_TOKEN",
      `${label} must be a valid HTTP token ["${name}"]`,
    );
}

export function validateHeaderValue(name, value) {
  if (value === undefined)
    throw nodeError(
      TypeError,
      "ERR_HTTP_INVALID_HEADER_VALUE",
      `Invalid value "undefined" for header "${name}"`,
    );
  // eslint-disable-next-line no-control-regex
  if (/[^\t\x20-\x7e\x80-\xff]/.test(String(value)))
    throw nodeError(
      TypeError,
      "ERR_INVALID_CHAR",
      `Invalid character in header content ["${name}"]`,
    );
}

/** Of these only the first counts when they come twice. */
const SINGLE = new Set(
  (
    "age authorization content-length content-type etag expires from host if-modified-since " +
    "if-unmodified-since last-modified location max-forwards proxy-authorization referer " +
    "retry-after server user-agent"
  ).split(" "),
);

/** `message.headers` of raw names and values by turns. */
export function mergedHeaders(raw) {
  const headers = {};
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at].toLowerCase();
    const value = raw[at + 1];
    if (name === "set-cookie") (headers[name] ??= []).push(value);
    else if (!Object.hasOwn(headers, name)) headers[name] = value;
    else if (!SINGLE.has(name)) headers[name] += `${name === "cookie" ? "; " : ", "}${value}`;
  }
  return headers;
}

/** `message.headersDistinct`. */
export function distinctHeaders(raw) {
  const headers = Object.create(null);
  for (let at = 0; at < raw.length; at += 2)
    (headers[raw[at].toLowerCase()] ??= []).push(raw[at + 1]);
  return headers;
}

/** Pairs of an object, of an array of pairs, or of names and values by turns. */
export function headerPairs(headers) {
  if (!headers) return [];
  if (!Array.isArray(headers))
    return typeof headers.entries === "function" ? [...headers.entries()] : Object.entries(headers);
  if (Array.isArray(headers[0])) return headers;
  const pairs = [];
  for (let at = 0; at < headers.length; at += 2) pairs.push([headers[at], headers[at + 1]]);
  return pairs;
}
