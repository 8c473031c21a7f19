/** structuredClone (HTML standard) for values that exist without a browser. */
import { DOMException } from "ocg:web/dom-exception";

const ERRORS = { Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };

function refuse(value) {
  const what = typeof value === "symbol" ? String(value) : (value?.name ?? typeof value);
  return new DOMException(`${what} could not be cloned.`, "DataCloneError");
}

function cloneError(error, clone) {
  const copy = Object.create((ERRORS[error.name] ?? Error).prototype);
  for (const key of ["message", "stack", "cause"]) {
    if (!Object.hasOwn(error, key)) continue;
    const value = clone(error[key]);
    Object.defineProperty(copy, key, { value, writable: true, configurable: true });
  }
  return copy;
}

function cloneView(view, clone) {
  const buffer = clone(view.buffer);
  if (view instanceof DataView) return new DataView(buffer, view.byteOffset, view.byteLength);
  // A Buffer arrives as a plain Uint8Array.
  const type = view[Symbol.toStringTag];
  return new globalThis[type](buffer, view.byteOffset, view.length);
}

/** Transferred objects are copied: nobody but memory notices. */
export function structuredClone(value) {
  const seen = new Map();

  function remember(from, copy) {
    seen.set(from, copy);
    return copy;
  }

  function clone(from) {
    if (typeof from === "symbol" || typeof from === "function") throw refuse(from);
    if (typeof from !== "object" || from === null) return from;
    if (seen.has(from)) return seen.get(from);
    if (from instanceof Date) return remember(from, new Date(from.getTime()));
    if (from instanceof RegExp) return remember(from, new RegExp(from.source, from.flags));
    if (from instanceof ArrayBuffer) return remember(from, from.slice(0));
    if (ArrayBuffer.isView(from)) return remember(from, cloneView(from, clone));
    if (from instanceof Error) return remember(from, cloneError(from, clone));
    for (const type of [Boolean, Number, String, BigInt]) {
      if (from instanceof type) return remember(from, Object(from.valueOf()));
    }
    if (from instanceof Map) {
      const copy = remember(from, new Map());
      for (const [key, entry] of from) copy.set(clone(key), clone(entry));
      return copy;
    }
    if (from instanceof Set) {
      const copy = remember(from, new Set());
      for (const entry of from) copy.add(clone(entry));
      return copy;
    }
    if (from instanceof WeakMap || from instanceof WeakSet || from instanceof Promise) {
      throw refuse(from.constructor);
    }
    const copy = remember(from, Array.isArray(from) ? [] : {});
    if (Array.isArray(from)) copy.length = from.length;
    for (const key of Object.keys(from)) copy[key] = clone(from[key]);
    return copy;
  }

  if (arguments.length === 0) throw new TypeError("structuredClone() takes a value");
  return clone(value);
}
