// Deep equality, strict (util.isDeepStrictEqual) and loose (assert.deepEqual).

import * as types from "node:util/types";

const BOXED = [
  types.isNumberObject,
  types.isStringObject,
  types.isBooleanObject,
  types.isBigIntObject,
  types.isSymbolObject,
];

export function isDeepEqual(left, right, strict = true, seen = new Map()) {
  if (left === right) return left !== 0 || !strict || Object.is(left, right);
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) {
    if (strict || typeof left === "function" || typeof right === "function")
      return Object.is(left, right);
    // eslint-disable-next-line eqeqeq
    return left == right || (Number.isNaN(left) && Number.isNaN(right));
  }
  if (strict && Object.getPrototypeOf(left) !== Object.getPrototypeOf(right)) return false;
  if (Object.prototype.toString.call(left) !== Object.prototype.toString.call(right)) return false;
  if (seen.get(left) === right) return true;
  seen.set(left, right);
  const equal = sameContent(left, right, strict, seen);
  seen.delete(left);
  return equal;
}

function sameContent(left, right, strict, seen) {
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  if (Array.isArray(left) && left.length !== right.length) return false;
  if (types.isDate(left)) {
    if (!types.isDate(right) || left.getTime() !== right.getTime()) return false;
  } else if (types.isRegExp(left)) {
    if (
      !types.isRegExp(right) ||
      String(left) !== String(right) ||
      left.lastIndex !== right.lastIndex
    )
      return false;
  } else if (types.isNativeError(left)) {
    if (left.message !== right.message || left.name !== right.name) return false;
    if (!isDeepEqual(left.cause, right.cause, strict, seen)) return false;
  } else if (ArrayBuffer.isView(left) || types.isAnyArrayBuffer(left)) {
    const [one, two] = [left, right].map((value) =>
      ArrayBuffer.isView(value)
        ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
        : new Uint8Array(value),
    );
    return one.length === two.length && one.every((byte, at) => byte === two[at]);
  } else if (types.isBoxedPrimitive(left)) {
    if (BOXED.some((is) => is(left) !== is(right)) || !Object.is(left.valueOf(), right.valueOf()))
      return false;
  } else if (types.isSet(left)) {
    if (!types.isSet(right) || !sameSets(left, right, strict, seen)) return false;
  } else if (types.isMap(left)) {
    if (!types.isMap(right) || !sameMaps(left, right, strict, seen)) return false;
  }
  return sameKeys(left, right, strict, seen);
}

function sameKeys(left, right, strict, seen) {
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length) return false;
  for (const key of keys) {
    if (!Object.prototype.propertyIsEnumerable.call(right, key)) return false;
    if (!isDeepEqual(left[key], right[key], strict, seen)) return false;
  }
  if (!strict) return true;
  const symbols = enumerableSymbols(left);
  return (
    symbols.length === enumerableSymbols(right).length &&
    symbols.every((key) => isDeepEqual(left[key], right[key], strict, seen))
  );
}

function sameSets(left, right, strict, seen) {
  if (left.size !== right.size) return false;
  const open = [...right].filter((item) => !left.has(item));
  for (const item of left) {
    if (right.has(item)) continue;
    const at = open.findIndex((other) => isDeepEqual(item, other, strict, seen));
    if (at < 0) return false;
    open.splice(at, 1);
  }
  return true;
}

function sameMaps(left, right, strict, seen) {
  if (left.size !== right.size) return false;
  const open = [...right].filter(([key]) => !left.has(key));
  for (const [key, value] of left) {
    if (right.has(key)) {
      if (!isDeepEqual(value, right.get(key), strict, seen)) return false;
      continue;
    }
    const at = open.findIndex(
      ([other, item]) =>
        isDeepEqual(key, other, strict, seen) && isDeepEqual(value, item, strict, seen),
    );
    if (at < 0) return false;
    open.splice(at, 1);
  }
  return true;
}

function enumerableSymbols(value) {
  return Object.getOwnPropertySymbols(value).filter((key) =>
    Object.prototype.propertyIsEnumerable.call(value, key),
  );
}
