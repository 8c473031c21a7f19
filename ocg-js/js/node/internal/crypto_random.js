// Randomness of node:crypto.

import * as native from "ocg:native/crypto";
import { Buffer } from "node:buffer";
import { invalidArgType, outOfRange, validateFunction } from "node:internal/errors";
import { nextTick } from "node:internal/next_tick";

export function randomBytes(size, callback) {
  if (typeof size !== "number") throw invalidArgType("size", "of type number", size);
  if (!(size >= 0 && size <= 0x7fffffff)) throw outOfRange("size", ">= 0 && <= 2147483647", size);
  const bytes = Buffer.alloc(size);
  native.randomFill(bytes);
  if (callback === undefined) return bytes;
  validateFunction(callback, "callback");
  nextTick(callback, null, bytes);
  return undefined;
}

export function randomFillSync(target, offset = 0, size = target.byteLength - offset) {
  if (!ArrayBuffer.isView(target) && !(target instanceof ArrayBuffer)) {
    throw invalidArgType("buf", "an instance of ArrayBuffer or ArrayBufferView", target);
  }
  const width = target.BYTES_PER_ELEMENT ?? 1;
  const from = offset * width;
  const count = size === target.byteLength - offset ? target.byteLength - from : size * width;
  if (from < 0 || count < 0 || from + count > target.byteLength) {
    throw outOfRange("size + offset", `<= ${target.byteLength}`, from + count);
  }
  native.randomFill(
    new Uint8Array(target.buffer ?? target, (target.byteOffset ?? 0) + from, count),
  );
  return target;
}

export function randomFill(target, ...rest) {
  const callback = rest.pop();
  validateFunction(callback, "callback");
  randomFillSync(target, ...rest);
  nextTick(callback, null, target);
}

export function randomInt(low, high, done) {
  let [min, max, callback] = [low, high, done];
  if (max === undefined || typeof max === "function") [min, max, callback] = [0, low, high];
  if (!Number.isSafeInteger(min)) throw invalidArgType("min", "a safe integer", min);
  if (!Number.isSafeInteger(max)) throw invalidArgType("max", "a safe integer", max);
  const range = max - min;
  if (range <= 0) throw outOfRange("max", `greater than the value of "min" (${min})`, max);
  if (range > 2 ** 48 - 1) throw outOfRange("max - min", `<= ${2 ** 48 - 1}`, range);
  // Values above the largest multiple of the range would favour small results.
  const limit = 2 ** 48 - (2 ** 48 % range);
  const bytes = Buffer.alloc(6);
  let value;
  do {
    native.randomFill(bytes);
    value = bytes.readUIntBE(0, 6);
  } while (value >= limit);
  const result = min + (value % range);
  if (typeof callback !== "function") return result;
  nextTick(callback, null, result);
  return undefined;
}

export function randomUUID() {
  return native.randomUUID();
}
