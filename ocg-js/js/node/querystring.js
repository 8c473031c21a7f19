// node:querystring

import { Buffer } from "node:buffer";

export function escape(text) {
  return encodeURIComponent(String(text)).replace(/[!'()*]/g, (char) =>
    /[!'()*]/.test(char) ? char : `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Percent-decoding that keeps what is not an escape. */
export function unescapeBuffer(text) {
  const source = Buffer.from(text);
  const out = Buffer.alloc(source.length);
  let length = 0;
  for (let i = 0; i < source.length; i++) {
    const digits =
      source[i] === 0x25 ? source.latin1Slice(i + 1, Math.min(i + 3, source.length)) : "";
    if (/^[0-9a-fA-F]{2}$/.test(digits)) {
      out[length++] = parseInt(digits, 16);
      i += 2;
    } else out[length++] = source[i];
  }
  return out.subarray(0, length);
}

export function unescape(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return unescapeBuffer(text).toString();
  }
}

function primitive(value) {
  if (typeof value === "string") return value;
  if (typeof value === "number" && Number.isFinite(value)) return String(value);
  if (typeof value === "bigint" || typeof value === "boolean") return String(value);
  return "";
}

export function stringify(object, separator = "&", equals = "=", options = undefined) {
  const encode = options?.encodeURIComponent ?? module.escape;
  if (object === null || typeof object !== "object") return "";
  const pairs = [];
  for (const [key, value] of Object.entries(object)) {
    const name = encode(primitive(key)) + (equals || "=");
    if (Array.isArray(value)) for (const item of value) pairs.push(name + encode(primitive(item)));
    else pairs.push(name + encode(primitive(value)));
  }
  return pairs.join(separator || "&");
}

export function parse(text, separator = "&", equals = "=", options = undefined) {
  const result = Object.create(null);
  if (typeof text !== "string" || text.length === 0) return result;
  const max = options?.maxKeys ?? 1000;
  const custom = options?.decodeURIComponent;
  const decode = (part) => {
    const spaced = part.replaceAll("+", " ");
    if (!custom) return spaced.includes("%") ? module.unescape(spaced) : spaced;
    try {
      return custom(spaced);
    } catch {
      return module.unescape(spaced);
    }
  };
  let pairs = text.split(separator || "&");
  if (max > 0) pairs = pairs.slice(0, max);
  for (const pair of pairs) {
    if (pair === "") continue;
    const at = pair.indexOf(equals || "=");
    const name = decode(at < 0 ? pair : pair.slice(0, at));
    const value = at < 0 ? "" : decode(pair.slice(at + (equals || "=").length));
    if (!(name in result)) result[name] = value;
    else if (Array.isArray(result[name])) result[name].push(value);
    else result[name] = [result[name], value];
  }
  return result;
}

export const encode = stringify;
export const decode = parse;

const module = { escape, unescape, unescapeBuffer, stringify, parse, encode, decode };
export default module;
