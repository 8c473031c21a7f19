// node:assert

import { isDeepEqual } from "node:internal/deep_equal";
import { inspect } from "node:internal/inspect";
import { validateFunction } from "node:internal/errors";

export class AssertionError extends Error {
  constructor({ message, actual, expected, operator }) {
    super(message ?? `${inspect(actual)} ${operator} ${inspect(expected)}`);
    this.generatedMessage = message === undefined;
    this.code = "ERR_ASSERTION";
    this.actual = actual;
    this.expected = expected;
    this.operator = operator;
    this.name = "AssertionError";
  }
}

function check(passed, message, details) {
  if (passed) return;
  if (message instanceof Error) throw message;
  const error = new AssertionError({ ...details, message: message ?? details.message });
  error.generatedMessage = message === undefined && details.generated !== false;
  throw error;
}

export function ok(value, message) {
  check(value, message, {
    actual: value,
    expected: true,
    operator: "==",
    message:
      arguments.length === 0
        ? "No value argument passed to `assert.ok()`"
        : "The expression evaluated to a falsy value",
  });
}

const compare = (test, operator, text) => (actual, expected, message) => {
  check(test(actual, expected), message, {
    actual,
    expected,
    operator,
    message: text && `${text}\n\n${inspect(actual)} !== ${inspect(expected)}\n`,
  });
};
// eslint-disable-next-line eqeqeq
const loose = (actual, expected) =>
  actual == expected || (Number.isNaN(actual) && Number.isNaN(expected));
export const equal = compare(loose, "==");
export const notEqual = compare((actual, expected) => !loose(actual, expected), "!=");
export const strictEqual = compare(
  Object.is,
  "strictEqual",
  "Expected values to be strictly equal:",
);
export const notStrictEqual = compare(
  (actual, expected) => !Object.is(actual, expected),
  "notStrictEqual",
);
export const deepEqual = compare(
  (actual, expected) => isDeepEqual(actual, expected, false),
  "deepEqual",
);
export const notDeepEqual = compare(
  (actual, expected) => !isDeepEqual(actual, expected, false),
  "notDeepEqual",
);
export const deepStrictEqual = compare(
  (actual, expected) => isDeepEqual(actual, expected, true),
  "deepStrictEqual",
  "Expected values to be strictly deep-equal:",
);
export const notDeepStrictEqual = compare(
  (actual, expected) => !isDeepEqual(actual, expected, true),
  "notDeepStrictEqual",
);
export const match = compare(
  (text, pattern) => typeof text === "string" && pattern.test(text),
  "match",
);
export const doesNotMatch = compare(
  (text, pattern) => typeof text === "string" && !pattern.test(text),
  "doesNotMatch",
);

export function fail(message) {
  check(false, message, { operator: "fail", message: "Failed" });
}

export function ifError(value) {
  if (value !== null && value !== undefined)
    throw value instanceof Error
      ? value
      : new AssertionError({
          message: `ifError got unwanted exception: ${inspect(value)}`,
          actual: value,
          expected: null,
          operator: "ifError",
        });
}

function expectedError(error, expected, message) {
  if (expected === undefined || typeof expected === "string") return;
  if (expected instanceof RegExp)
    check(expected.test(String(error)), message, { actual: error, expected, operator: "throws" });
  else if (typeof expected === "function") {
    if (expected.prototype !== undefined && error instanceof expected) return;
    if (Object.prototype.isPrototypeOf.call(Error, expected)) throw error;
    check(expected.call({}, error) === true, message, {
      actual: error,
      expected,
      operator: "throws",
    });
  } else {
    for (const [key, value] of Object.entries(expected)) {
      const same =
        value instanceof RegExp && typeof error[key] === "string"
          ? value.test(error[key])
          : isDeepEqual(error[key], value, true);
      check(same, message, { actual: error, expected, operator: "throws" });
    }
  }
}

export function throws(work, expected, message) {
  validateFunction(work, "fn");
  let thrown;
  try {
    work();
  } catch (error) {
    thrown = { error };
  }
  if (!thrown)
    check(false, typeof expected === "string" ? expected : message, {
      operator: "throws",
      generated: false,
      message: "Missing expected exception.",
    });
  expectedError(thrown.error, expected, message);
}

export function doesNotThrow(work, message) {
  try {
    work();
  } catch (error) {
    check(false, typeof message === "string" ? message : undefined, {
      actual: error,
      operator: "doesNotThrow",
      generated: false,
      message: `Got unwanted exception.\nActual message: "${error?.message}"`,
    });
  }
}

export async function rejects(work, expected, message) {
  let thrown;
  try {
    await (typeof work === "function" ? work() : work);
  } catch (error) {
    thrown = { error };
  }
  if (!thrown)
    check(false, typeof expected === "string" ? expected : message, {
      operator: "rejects",
      generated: false,
      message: "Missing expected rejection.",
    });
  expectedError(thrown.error, expected, message);
}

export async function doesNotReject(work, message) {
  try {
    await (typeof work === "function" ? work() : work);
  } catch (error) {
    check(false, typeof message === "string" ? message : undefined, {
      actual: error,
      operator: "doesNotReject",
      generated: false,
      message: `Got unwanted rejection.\nActual message: "${error?.message}"`,
    });
  }
}

function assert(value, message) {
  check(value, message, {
    actual: value,
    expected: true,
    operator: "==",
    message: "The expression evaluated to a falsy value",
  });
}

const members = {
  AssertionError,
  ok,
  equal,
  notEqual,
  strictEqual,
  notStrictEqual,
  deepEqual,
  notDeepEqual,
  deepStrictEqual,
  notDeepStrictEqual,
  match,
  doesNotMatch,
  fail,
  ifError,
  throws,
  doesNotThrow,
  rejects,
  doesNotReject,
};

function strictAssert(value, message) {
  assert(value, message);
}

export const strict = Object.assign(strictAssert, members, {
  equal: strictEqual,
  notEqual: notStrictEqual,
  deepEqual: deepStrictEqual,
  notDeepEqual: notDeepStrictEqual,
});
strict.strict = strict;

export default Object.assign(assert, members, { strict });
