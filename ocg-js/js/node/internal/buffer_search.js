// Searching, filling and swapping in a Buffer.

import * as native from "ocg:native/buffer";
import { invalidArgType, invalidArgValue, nodeError, outOfRange } from "node:internal/errors";
import { encodingNumber } from "node:internal/encoding";

/** @param {typeof import("node:buffer").Buffer} Buffer */
export function defineSearch(Buffer) {
  const search = (buffer, value, byteOffset, encoding, backwards) => {
    let offset = byteOffset;
    let name = encoding;
    if (typeof offset === "string") {
      name = offset;
      offset = undefined;
    }
    offset = +offset;
    if (Number.isNaN(offset)) offset = backwards ? buffer.length : 0;
    offset = Math.trunc(Math.max(-0x80000000, Math.min(0x7fffffff, offset)));
    if (offset < 0) offset += buffer.length;
    if (offset < 0) {
      if (backwards) return -1;
      offset = 0;
    }
    let needle = value;
    if (typeof value === "number") needle = Buffer.from([value & 255]);
    else if (typeof value === "string") needle = Buffer.from(value, name);
    else if (!(value instanceof Uint8Array)) {
      throw invalidArgType(
        "value",
        "one of type number or string or an instance of Buffer or Uint8Array",
        value,
      );
    }
    if (needle.length === 0) return Math.min(offset, buffer.length);
    const step = typeof value === "string" && encodingNumber(name) === 6 ? 2 : 1;
    return native.indexOf(buffer, needle, offset, backwards, step);
  };
  const methods = {
    indexOf(value, byteOffset, encoding) {
      return search(this, value, byteOffset, encoding, false);
    },
    lastIndexOf(value, byteOffset, encoding) {
      return search(this, value, byteOffset, encoding, true);
    },
    includes(value, byteOffset, encoding) {
      return search(this, value, byteOffset, encoding, false) !== -1;
    },
    fill(value, offset, end, encoding) {
      let [from, to, name] = [offset, end, encoding];
      if (typeof from === "string") [name, from, to] = [from, 0, this.length];
      else if (typeof to === "string") [name, to] = [to, this.length];
      from ??= 0;
      to ??= this.length;
      if (!Number.isInteger(from) || from < 0 || from > this.length) {
        throw outOfRange("offset", `>= 0 && <= ${this.length}`, from);
      }
      if (!Number.isInteger(to) || to < 0 || to > this.length)
        throw outOfRange("end", `>= 0 && <= ${this.length}`, to);
      let pattern = value;
      if (typeof value === "string") {
        if (value.length === 0) pattern = 0;
        else {
          if (name !== undefined && encodingNumber(name) === undefined) {
            throw nodeError(TypeError, "ERR_UNKNOWN_ENCODING", `Unknown encoding: ${name}`);
          }
          pattern = Buffer.from(value, name);
          if (pattern.length === 0) throw invalidArgValue("value", value);
        }
      }
      if (pattern instanceof Uint8Array) {
        if (pattern.length === 0) throw invalidArgValue("value", value);
        for (let at = from; at < to; at += pattern.length)
          this.set(pattern.subarray(0, to - at), at);
        return this;
      }
      Uint8Array.prototype.fill.call(this, Number(pattern) & 255, from, to);
      return this;
    },
  };
  for (const [name, value] of Object.entries(methods)) {
    Object.defineProperty(Buffer.prototype, name, {
      value,
      writable: true,
      configurable: true,
      enumerable: true,
    });
  }
  for (const bits of [16, 32, 64]) {
    const size = bits / 8;
    Object.defineProperty(Buffer.prototype, `swap${bits}`, {
      value() {
        if (this.length % size !== 0) {
          throw nodeError(
            RangeError,
            "ERR_INVALID_BUFFER_SIZE",
            `Buffer size must be a multiple of ${bits}-bits`,
          );
        }
        for (let at = 0; at < this.length; at += size) this.subarray(at, at + size).reverse();
        return this;
      },
      writable: true,
      configurable: true,
      enumerable: true,
    });
  }
}
