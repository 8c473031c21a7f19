/**
 * Values on their way to another isolate (HTML standard, StructuredSerialize): a JSON text for the
 * structure, and the bytes beside it.
 *
 * Plain values stand for themselves; everything else is an array that begins with a letter. Objects
 * are numbered in the order in which they are first met, so that cycles and shared parts survive.
 */
import { DOMException } from "ocg:web/dom-exception";

const ERRORS = { Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };
const BOXED = { Boolean, Number, String, BigInt };

function refuse(value) {
  const what = typeof value === "object" ? Object.prototype.toString.call(value) : String(value);
  return new DOMException(`${what} could not be cloned.`, "DataCloneError");
}

/**
 * @param {unknown} value
 * @param {object[]} transfer what moves instead of being copied
 * @param {(value: object) => object | undefined} portOf the native half of a port
 * @returns {{ text: string, buffers: Uint8Array[], ports: object[] }}
 */
export function serialize(value, transfer, portOf) {
  const known = new Map();
  const buffers = [];
  const ports = [];

  function encode(from) {
    if (from === null || typeof from === "boolean" || typeof from === "string") return from;
    if (from === undefined) return ["u"];
    if (typeof from === "number") {
      return Number.isFinite(from) && !Object.is(from, -0) ? from : ["n", numberName(from)];
    }
    if (typeof from === "bigint") return ["b", String(from)];
    if (typeof from !== "object") throw refuse(from);
    const number = known.get(from);
    if (number !== undefined) return ["r", number];
    known.set(from, known.size);
    return object(from);
  }

  function object(from) {
    const port = portOf(from);
    if (port) {
      if (!transfer.includes(from)) {
        throw new DOMException(
          "Object that needs transfer was found in message but not listed in transferList",
          "DataCloneError",
        );
      }
      return ["p", ports.push(port) - 1];
    }
    if (from instanceof Date) return ["d", encode(from.getTime())];
    if (from instanceof RegExp) return ["x", from.source, from.flags];
    if (from instanceof ArrayBuffer) return ["ab", buffers.push(new Uint8Array(from)) - 1];
    if (ArrayBuffer.isView(from)) {
      const type = from instanceof DataView ? "DataView" : from[Symbol.toStringTag];
      const length = from instanceof DataView ? from.byteLength : from.length;
      return ["v", type, encode(from.buffer), from.byteOffset, length];
    }
    if (from instanceof Error) {
      const name = ERRORS[from.name] ? from.name : "Error";
      const cause = Object.hasOwn(from, "cause") ? [encode(from.cause)] : [];
      return ["e", name, String(from.message), encode(from.stack), ...cause];
    }
    for (const [name, type] of Object.entries(BOXED)) {
      if (from instanceof type) return ["B", name, encode(from.valueOf())];
    }
    if (from instanceof Map) {
      return ["m", ...[...from].flatMap(([key, entry]) => [encode(key), encode(entry)])];
    }
    if (from instanceof Set) return ["s", ...[...from].map(encode)];
    if (from instanceof WeakMap || from instanceof WeakSet || from instanceof Promise) {
      throw refuse(from);
    }
    if (Array.isArray(from)) {
      return ["a", from.length, ...Object.keys(from).flatMap((key) => [key, encode(from[key])])];
    }
    return ["o", ...Object.keys(from).flatMap((key) => [key, encode(from[key])])];
  }

  const text = JSON.stringify(encode(value));
  return { text, buffers, ports };
}

const numberName = (value) => (Object.is(value, -0) ? "-0" : String(value));

function pairs(parts, take) {
  for (let index = 0; index < parts.length; index += 2) take(parts[index], parts[index + 1]);
}

/**
 * @param {{ text: string, buffers: ArrayBuffer[], ports: object[] }} message
 * @param {(native: object) => object} makePort
 */
export function deserialize(message, makePort) {
  const objects = [];

  function keep(at, value) {
    objects[at] = value;
    return value;
  }

  const setIn = (target) => (key, entry) => {
    const value = decode(entry);
    Object.defineProperty(target, key, {
      value,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  };

  function decode(from) {
    if (!Array.isArray(from)) return from;
    const [kind, ...parts] = from;
    if (kind === "u") return undefined;
    if (kind === "n") return Number(parts[0]);
    if (kind === "b") return BigInt(parts[0]);
    if (kind === "r") return objects[parts[0]];
    // Numbered before its parts, as when it was written.
    return object(kind, parts, objects.push(undefined) - 1);
  }

  function object(kind, parts, at) {
    switch (kind) {
      case "p":
        return keep(at, makePort(message.ports[parts[0]]));
      case "d":
        return keep(at, new Date(decode(parts[0])));
      case "x":
        return keep(at, new RegExp(parts[0], parts[1]));
      case "ab":
        return keep(at, message.buffers[parts[0]]);
      case "v": {
        const [type, buffer, offset, length] = parts;
        return keep(at, new globalThis[type](decode(buffer), offset, length));
      }
      case "e":
        return error(parts, at);
      case "B":
        return keep(at, Object(decode(parts[1])));
      case "m": {
        const map = keep(at, new Map());
        pairs(parts, (key, entry) => map.set(decode(key), decode(entry)));
        return map;
      }
      case "s": {
        const set = keep(at, new Set());
        for (const entry of parts) set.add(decode(entry));
        return set;
      }
      case "a": {
        const array = keep(at, []);
        array.length = parts[0];
        pairs(parts.slice(1), setIn(array));
        return array;
      }
      default: {
        const plain = keep(at, {});
        pairs(parts, setIn(plain));
        return plain;
      }
    }
  }

  function error([name, text, stack, ...cause], at) {
    const made = keep(at, Object.create(ERRORS[name].prototype));
    const set = (key, value) =>
      Object.defineProperty(made, key, { value, writable: true, configurable: true });
    set("message", text);
    set("stack", decode(stack));
    if (cause.length > 0) set("cause", decode(cause[0]));
    return made;
  }

  return decode(JSON.parse(message.text));
}
