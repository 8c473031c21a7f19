// Errors as Node shapes them: a code, and a name that shows it.

import { quote } from "node:internal/inspect_text";

/**
 * @param {ErrorConstructor} Base
 * @param {string} code
 * @param {string} message
 * @returns {Error & { code: string }}
 */
export function nodeError(Base, code, message) {
  const error = new Base(message);
  error.code = code;
  Object.defineProperty(error, "toString", {
    value() {
      return `${this.name} [${code}]: ${this.message}`;
    },
    configurable: true,
    enumerable: false,
    writable: true,
  });
  return error;
}

/** Describes a received value the way Node's argument errors do. */
export function received(value) {
  if (value === null || value === undefined) return ` Received ${value}`;
  if (typeof value === "function") return ` Received function ${value.name}`;
  if (typeof value === "object") {
    const name = value.constructor?.name;
    return name ? ` Received an instance of ${name}` : " Received [Object: null prototype] {}";
  }
  let shown =
    typeof value === "string"
      ? `'${value}'`
      : `${String(value)}${typeof value === "bigint" ? "n" : ""}`;
  if (shown.length > 28) shown = `${shown.slice(0, 25)}...`;
  return ` Received type ${typeof value} (${shown})`;
}

/**
 * @param {string} name argument or property
 * @param {string} expected for example "of type string"
 * @param {unknown} value
 */
export function invalidArgType(name, expected, value) {
  const kind = name.includes(".") ? "property" : "argument";
  const subject = name.endsWith(" argument") ? name : `"${name}" ${kind}`;
  return nodeError(
    TypeError,
    "ERR_INVALID_ARG_TYPE",
    `The ${subject} must be ${expected}.${received(value)}`,
  );
}

export function invalidArgValue(name, value, reason = "is invalid") {
  const kind = name.includes(".") ? "property" : "argument";
  const shown = typeof value === "string" ? quote(value) : String(value);
  return nodeError(
    TypeError,
    "ERR_INVALID_ARG_VALUE",
    `The ${kind} '${name}' ${reason}. Received ${shown}`,
  );
}

export function outOfRange(name, range, value) {
  let shown = typeof value === "bigint" ? `${value}n` : String(value);
  if (Number.isInteger(value) && Math.abs(value) > 2 ** 32) shown = grouped(String(value));
  if (typeof value === "bigint" && (value > 2n ** 32n || value < -(2n ** 32n)))
    shown = `${grouped(String(value))}n`;
  return nodeError(
    RangeError,
    "ERR_OUT_OF_RANGE",
    `The value of "${name}" is out of range. It must be ${range}. Received ${shown}`,
  );
}

function grouped(digits) {
  return digits.replace(/\B(?=(\d{3})+$)/g, "_");
}

/** A function or class that plugins can import but not use. */
export function unavailable(name, why) {
  return {
    [name]: function () {
      throw nodeError(
        Error,
        "ERR_FEATURE_UNAVAILABLE_ON_PLATFORM",
        `${name} is not available: ${why}`,
      );
    },
  }[name];
}

export function validateString(value, name) {
  if (typeof value !== "string") throw invalidArgType(name, "of type string", value);
}

export function validateFunction(value, name) {
  if (typeof value !== "function") throw invalidArgType(name, "of type function", value);
}

export function validateInteger(
  value,
  name,
  min = Number.MIN_SAFE_INTEGER,
  max = Number.MAX_SAFE_INTEGER,
) {
  if (typeof value !== "number") throw invalidArgType(name, "of type number", value);
  if (!Number.isInteger(value)) throw outOfRange(name, "an integer", value);
  if (value < min || value > max) throw outOfRange(name, `>= ${min} && <= ${max}`, value);
}

export class AbortError extends Error {
  constructor(message = "The operation was aborted", options = undefined) {
    super(message, options);
    this.code = "ABORT_ERR";
    this.name = "AbortError";
  }
}
