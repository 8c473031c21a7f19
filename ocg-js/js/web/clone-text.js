/**
 * Values on their way to another isolate: what structured cloning carries, as a text.
 *
 * Objects stand in a list and are referred to by `[index]`, so that circles and shared objects
 * arrive as such. Strings, booleans, null and ordinary numbers stand for themselves.
 */
import * as native from "ocg:native/buffer";
import { structuredClone } from "ocg:web/structured-clone";

const BASE64 = 2;

function toBase64(buffer) {
  return native.toString(new Uint8Array(buffer), BASE64, 0, buffer.byteLength);
}

/** A value as a text; functions and the like are refused as by `structuredClone`. */
export function encode(value) {
  const nodes = [];
  const seen = new Map();

  function node(from, fill) {
    const at = nodes.push(null) - 1;
    if (typeof from === "object") seen.set(from, at);
    nodes[at] = fill();
    return [at];
  }

  function put(from) {
    switch (typeof from) {
      case "string":
      case "boolean":
        return from;
      case "undefined":
        return node(from, () => ["undefined"]);
      case "bigint":
        return node(from, () => ["bigint", String(from)]);
      case "number":
        if (Number.isFinite(from) && !Object.is(from, -0)) return from;
        return node(from, () => ["number", Object.is(from, -0) ? "-0" : String(from)]);
    }
    if (from === null) return null;
    if (seen.has(from)) return [seen.get(from)];
    return node(from, () => describe(from));
  }

  function describe(from) {
    if (Array.isArray(from)) return ["array", ...from.map(put)];
    if (from instanceof Date) return ["date", put(from.getTime())];
    if (from instanceof RegExp) return ["regexp", from.source, from.flags];
    if (from instanceof ArrayBuffer) return ["bytes", toBase64(from)];
    if (ArrayBuffer.isView(from)) {
      const length = from instanceof DataView ? from.byteLength : from.length;
      return ["view", from[Symbol.toStringTag], put(from.buffer), from.byteOffset, length];
    }
    if (from instanceof Map) return ["map", ...[...from].flat().map(put)];
    if (from instanceof Set) return ["set", ...[...from].map(put)];
    if (from instanceof Error) {
      return ["error", from.name, from.message, from.stack ?? "", put(from.cause)];
    }
    for (const type of [Boolean, Number, String, BigInt]) {
      if (from instanceof type) return ["boxed", put(from.valueOf())];
    }
    return ["object", ...Object.entries(from).flatMap(([key, entry]) => [key, put(entry)])];
  }

  const root = put(structuredClone(value));
  return JSON.stringify([root, nodes]);
}

/** The value that {@link encode} made a text of. */
export function decode(text) {
  const [root, nodes] = JSON.parse(text);
  const made = new Map();

  function get(reference) {
    if (!Array.isArray(reference)) return reference;
    const [at] = reference;
    if (made.has(at)) return made.get(at);
    return make(at, nodes[at]);
  }

  function keep(at, value) {
    made.set(at, value);
    return value;
  }

  function make(at, [type, ...parts]) {
    switch (type) {
      case "undefined":
        return undefined;
      case "bigint":
        return BigInt(parts[0]);
      case "number":
        return Number(parts[0]);
      case "date":
        return keep(at, new Date(get(parts[0])));
      case "regexp":
        return keep(at, new RegExp(parts[0], parts[1]));
      case "boxed":
        return keep(at, Object(get(parts[0])));
      case "bytes":
        return keep(at, native.fromString(parts[0], BASE64));
      case "view":
        return keep(at, new globalThis[parts[0]](get(parts[1]), parts[2], parts[3]));
      case "array": {
        const array = keep(at, []);
        for (const part of parts) array.push(get(part));
        return array;
      }
      case "set": {
        const set = keep(at, new Set());
        for (const part of parts) set.add(get(part));
        return set;
      }
      case "map": {
        const map = keep(at, new Map());
        for (let n = 0; n < parts.length; n += 2) map.set(get(parts[n]), get(parts[n + 1]));
        return map;
      }
      case "error":
        return keep(at, remade(parts, get(parts[3])));
    }
    const object = keep(at, {});
    for (let n = 0; n < parts.length; n += 2) {
      const value = get(parts[n + 1]);
      // `__proto__` would be a setter.
      Object.defineProperty(object, parts[n], {
        value,
        writable: true,
        enumerable: true,
        configurable: true,
      });
    }
    return object;
  }

  return get(root);
}

const ERRORS = { Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };

function remade([name, message, stack], cause) {
  const error = new (ERRORS[name] ?? Error)(message, cause === undefined ? undefined : { cause });
  Object.defineProperty(error, "stack", { value: stack, writable: true, configurable: true });
  return error;
}
