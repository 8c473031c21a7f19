// node:util/types: what a value is, whatever its prototype says.

import * as native from "ocg:native/inspect";

/** Whether a built-in getter or method accepts the value. */
function accepts(probe) {
  return (value) => {
    if (value === null || (typeof value !== "object" && typeof value !== "function")) return false;
    try {
      probe(value);
      return true;
    } catch {
      return false;
    }
  };
}

const getter = (prototype, name) => Object.getOwnPropertyDescriptor(prototype, name).get;
const TypedArray = Object.getPrototypeOf(Uint8Array);
const typedArrayTag = getter(TypedArray.prototype, Symbol.toStringTag);
const mapSize = getter(Map.prototype, "size");
const setSize = getter(Set.prototype, "size");
const arrayBufferLength = getter(ArrayBuffer.prototype, "byteLength");
const sharedLength = getter(SharedArrayBuffer.prototype, "byteLength");
const viewLength = getter(DataView.prototype, "byteLength");
const regExpFlags = getter(RegExp.prototype, "source");
const KEY = {};

export const isArrayBuffer = accepts((value) => arrayBufferLength.call(value));
export const isSharedArrayBuffer = accepts((value) => sharedLength.call(value));
export const isDataView = accepts((value) => viewLength.call(value));
export const isMap = accepts((value) => mapSize.call(value));
export const isSet = accepts((value) => setSize.call(value));
export const isWeakMap = accepts((value) => WeakMap.prototype.has.call(value, KEY));
export const isWeakSet = accepts((value) => WeakSet.prototype.has.call(value, KEY));
export const isDate = accepts((value) => Date.prototype.getTime.call(value));
export const isNumberObject = accepts((value) => Number.prototype.valueOf.call(value));
export const isStringObject = accepts((value) => String.prototype.valueOf.call(value));
export const isBooleanObject = accepts((value) => Boolean.prototype.valueOf.call(value));
export const isSymbolObject = accepts((value) => Symbol.prototype.valueOf.call(value));
export const isBigIntObject = accepts((value) => BigInt.prototype.valueOf.call(value));
const hasSource = accepts((value) => regExpFlags.call(value));
export const isRegExp = (value) => value !== RegExp.prototype && hasSource(value);

export function isAnyArrayBuffer(value) {
  return isArrayBuffer(value) || isSharedArrayBuffer(value);
}

export function isArrayBufferView(value) {
  return ArrayBuffer.isView(value);
}

export function isTypedArray(value) {
  return ArrayBuffer.isView(value) && typedArrayTag.call(value) !== undefined;
}

const isKind = (name) => (value) => ArrayBuffer.isView(value) && typedArrayTag.call(value) === name;
export const isUint8Array = isKind("Uint8Array");
export const isUint8ClampedArray = isKind("Uint8ClampedArray");
export const isUint16Array = isKind("Uint16Array");
export const isUint32Array = isKind("Uint32Array");
export const isInt8Array = isKind("Int8Array");
export const isInt16Array = isKind("Int16Array");
export const isInt32Array = isKind("Int32Array");
export const isFloat32Array = isKind("Float32Array");
export const isFloat64Array = isKind("Float64Array");
export const isBigInt64Array = isKind("BigInt64Array");
export const isBigUint64Array = isKind("BigUint64Array");

const isTagged = (tag) => (value) => Object.prototype.toString.call(value) === `[object ${tag}]`;
const hasTag = isTagged("Error");
const AsyncFunction = async function () {}.constructor;
const GeneratorFunction = function* () {}.constructor;
const AsyncGeneratorFunction = async function* () {}.constructor;
export const isMapIterator = isTagged("Map Iterator");
export const isSetIterator = isTagged("Set Iterator");
export const isGeneratorObject = isTagged("Generator");
export const isArgumentsObject = (value) =>
  value !== null &&
  typeof value === "object" &&
  !(Symbol.toStringTag in value) &&
  isTagged("Arguments")(value);
export const isNativeError = (value) =>
  typeof Error.isError === "function"
    ? Error.isError(value)
    : value instanceof Error && (hasTag(value) || true);
export const isModuleNamespaceObject = isTagged("Module");

export function isAsyncFunction(value) {
  return value instanceof AsyncFunction || value instanceof AsyncGeneratorFunction;
}

export function isGeneratorFunction(value) {
  return value instanceof GeneratorFunction || value instanceof AsyncGeneratorFunction;
}

export function isPromise(value) {
  return native.isPromise(value);
}

export function isProxy(value) {
  return native.isProxy(value);
}

export function isBoxedPrimitive(value) {
  return (
    isNumberObject(value) ||
    isStringObject(value) ||
    isBooleanObject(value) ||
    isSymbolObject(value) ||
    isBigIntObject(value)
  );
}

export function isExternal() {
  return false;
}

export function isKeyObject(value) {
  return /^(?:Secret|Public|Private)?KeyObject$/.test(value?.constructor?.name);
}

export function isCryptoKey() {
  return false;
}

export default {
  isAnyArrayBuffer,
  isArgumentsObject,
  isArrayBuffer,
  isArrayBufferView,
  isAsyncFunction,
  isBigInt64Array,
  isBigIntObject,
  isBigUint64Array,
  isBooleanObject,
  isBoxedPrimitive,
  isCryptoKey,
  isDataView,
  isDate,
  isExternal,
  isFloat32Array,
  isFloat64Array,
  isGeneratorFunction,
  isGeneratorObject,
  isInt16Array,
  isInt32Array,
  isInt8Array,
  isKeyObject,
  isMap,
  isMapIterator,
  isModuleNamespaceObject,
  isNativeError,
  isNumberObject,
  isPromise,
  isProxy,
  isRegExp,
  isSet,
  isSetIterator,
  isSharedArrayBuffer,
  isStringObject,
  isSymbolObject,
  isTypedArray,
  isUint16Array,
  isUint32Array,
  isUint8Array,
  isUint8ClampedArray,
  isWeakMap,
  isWeakSet,
};
