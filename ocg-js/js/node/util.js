// node:util

import { errnoTable } from "ocg:native/inspect";
import { TextDecoder, TextEncoder } from "ocg:web/text-encoder";
import types from "node:util/types";
import { invalidArgType, invalidArgValue, nodeError, validateFunction } from "node:internal/errors";
import { isDeepEqual } from "node:internal/deep_equal";
import { format, formatWithOptions } from "node:internal/format";
import { inspect } from "node:internal/inspect";
import { ANSI, COLORS } from "node:internal/inspect_text";
import { nextTick } from "node:internal/next_tick";

const PROMISIFY = Symbol.for("nodejs.util.promisify.custom");

export function promisify(original) {
  validateFunction(original, "original");
  const own = original[PROMISIFY];
  if (own) {
    validateFunction(own, "util.promisify.custom");
    return Object.defineProperty(own, PROMISIFY, { value: own, configurable: true });
  }
  const promised = function (...args) {
    return new Promise((resolve, reject) => {
      Reflect.apply(original, this, [
        ...args,
        (error, value) => (error ? reject(error) : resolve(value)),
      ]);
    });
  };
  Object.setPrototypeOf(promised, Object.getPrototypeOf(original));
  Object.defineProperty(promised, PROMISIFY, { value: promised, configurable: true });
  return Object.defineProperties(promised, Object.getOwnPropertyDescriptors(original));
}
promisify.custom = PROMISIFY;

export function callbackify(original) {
  validateFunction(original, "original");
  return function (...args) {
    const callback = args.pop();
    validateFunction(callback, "last argument");
    Reflect.apply(original, this, args).then(
      (value) => nextTick(callback, null, value),
      (reason) => {
        let error = reason;
        if (!reason) {
          error = nodeError(
            Error,
            "ERR_FALSY_VALUE_REJECTION",
            "Promise was rejected with falsy value",
          );
          error.reason = reason;
        }
        nextTick(callback, error);
      },
    );
  };
}

export function inherits(constructor, superConstructor) {
  validateFunction(constructor, "ctor");
  validateFunction(superConstructor, "superCtor");
  Object.defineProperty(constructor, "super_", {
    value: superConstructor,
    writable: true,
    configurable: true,
  });
  Object.setPrototypeOf(constructor.prototype, superConstructor.prototype);
}

const warned = new Set();

export function deprecate(original, message, code) {
  let told = false;
  const deprecated = function (...args) {
    if (!told) {
      told = true;
      if (!code || !warned.has(code)) {
        warned.add(code);
        globalThis.process?.emitWarning?.(message, "DeprecationWarning", code);
      }
    }
    return new.target
      ? Reflect.construct(original, args, new.target)
      : Reflect.apply(original, this, args);
  };
  Object.setPrototypeOf(deprecated, original);
  if (original.prototype) deprecated.prototype = original.prototype;
  return deprecated;
}

export function debuglog(section) {
  const names = String(globalThis.process?.env?.NODE_DEBUG ?? "")
    .toUpperCase()
    .split(",");
  const enabled = names.includes(section.toUpperCase());
  const log = (...args) => {
    if (enabled)
      globalThis.process?.stderr?.write(
        `${section.toUpperCase()} ${globalThis.process.pid}: ${format(...args)}\n`,
      );
  };
  Object.defineProperty(log, "enabled", {
    get: () => enabled,
    enumerable: true,
    configurable: true,
  });
  return log;
}

export const debug = debuglog;

export function isDeepStrictEqual(left, right) {
  return isDeepEqual(left, right, true);
}

export function stripVTControlCharacters(text) {
  if (typeof text !== "string") throw invalidArgType("str", "of type string", text);
  return text.replace(ANSI, "");
}

export function styleText(style, text) {
  if (typeof text !== "string") throw invalidArgType("text", "of type string", text);
  const names = Array.isArray(style) ? style : [style];
  return names.reduceRight((shown, name) => {
    if (!COLORS[name]) throw invalidArgValue("format", name);
    return `\x1b[${COLORS[name][0]}m${shown}\x1b[${COLORS[name][1]}m`;
  }, text);
}

export function toUSVString(text) {
  return String(text).toWellFormed();
}

export function getSystemErrorName(number) {
  return Object.entries(errnoTable).find(([, [known]]) => known === -number)?.[0];
}

export function getSystemErrorMap() {
  return new Map(
    Object.entries(errnoTable).map(([name, [number, text]]) => [-number, [name, text]]),
  );
}

/** Resolves when a signal aborts. */
export function aborted(signal) {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/** Options of the command line, as described by node:util parseArgs. */
export function parseArgs() {
  throw nodeError(
    Error,
    "ERR_FEATURE_UNAVAILABLE_ON_PLATFORM",
    "parseArgs is not available: plugins have no command line",
  );
}

export const isArray = Array.isArray;
export { format, formatWithOptions, inspect, TextDecoder, TextEncoder, types };

export default {
  promisify,
  callbackify,
  inherits,
  deprecate,
  debuglog,
  debug,
  isDeepStrictEqual,
  stripVTControlCharacters,
  styleText,
  toUSVString,
  getSystemErrorName,
  getSystemErrorMap,
  aborted,
  parseArgs,
  isArray,
  format,
  formatWithOptions,
  inspect,
  TextDecoder,
  TextEncoder,
  types,
};
