// node:buffer: Buffer as a subclass of Uint8Array; encodings are done in Rust.

import * as native from "ocg:native/buffer";
import { atob, btoa } from "ocg:web/base64";
import { Blob, File } from "ocg:web/blob";
import { CANONICAL, encodingNumber } from "node:internal/encoding";
import { invalidArgType, nodeError, outOfRange } from "node:internal/errors";
import { defineNumbers } from "node:internal/buffer_numbers";
import { defineSearch } from "node:internal/buffer_search";

const MAX_LENGTH = 2 ** 53 - 1;
const MAX_STRING_LENGTH = 536870888;
export const constants = Object.freeze({ MAX_LENGTH: 0x7fffffff, MAX_STRING_LENGTH });
export const kMaxLength = constants.MAX_LENGTH;
export const kStringMaxLength = MAX_STRING_LENGTH;
export const INSPECT_MAX_BYTES = 50;

class FastBuffer extends Uint8Array {}

/** Deprecated as a constructor, but old packages still call it. */
export function Buffer(value, encodingOrOffset, length) {
  if (typeof value === "number") return Buffer.alloc(value);
  return Buffer.from(value, encodingOrOffset, length);
}
Object.setPrototypeOf(Buffer, Uint8Array);
Buffer.prototype = FastBuffer.prototype;
Object.defineProperty(Buffer.prototype, "constructor", {
  value: Buffer,
  writable: true,
  configurable: true,
});
Object.defineProperty(Buffer, Symbol.species, { get: () => FastBuffer, configurable: true });

function encodingOf(name) {
  const number = typeof name === "string" || name == null ? encodingNumber(name) : 0;
  if (number === undefined)
    throw nodeError(TypeError, "ERR_UNKNOWN_ENCODING", `Unknown encoding: ${name}`);
  return number;
}

function checkSize(size) {
  if (typeof size !== "number") throw invalidArgType("size", "of type number", size);
  if (!(size >= 0 && size <= MAX_LENGTH))
    throw outOfRange("size", `>= 0 && <= ${MAX_LENGTH}`, size);
}

const FROM =
  "of type string or an instance of Buffer, ArrayBuffer, or Array or an Array-like Object";

function fromObject(value) {
  if (value.length !== undefined || value.buffer instanceof ArrayBuffer) {
    if (typeof value.length !== "number") return new FastBuffer(0);
    return FastBuffer.from(value);
  }
  if (value.type === "Buffer" && Array.isArray(value.data)) return FastBuffer.from(value.data);
  return undefined;
}

const statics = {
  from(value, encodingOrOffset, length) {
    if (typeof value === "string") {
      return new FastBuffer(native.fromString(value, encodingOf(encodingOrOffset)));
    }
    if (typeof value === "object" && value !== null) {
      if (value instanceof ArrayBuffer || value instanceof SharedArrayBuffer) {
        const offset = encodingOrOffset === undefined ? 0 : Number(encodingOrOffset) || 0;
        if (offset > value.byteLength) {
          throw nodeError(
            RangeError,
            "ERR_BUFFER_OUT_OF_BOUNDS",
            '"offset" is outside of buffer bounds',
          );
        }
        const room = value.byteLength - offset;
        const count = length === undefined ? room : Math.max(0, Number(length) || 0);
        if (count > room)
          throw nodeError(
            RangeError,
            "ERR_BUFFER_OUT_OF_BOUNDS",
            '"length" is outside of buffer bounds',
          );
        return new FastBuffer(value, offset, count);
      }
      if (value instanceof Uint8Array) return new FastBuffer(value);
      const primitive = value.valueOf?.();
      if (
        primitive != null &&
        primitive !== value &&
        (typeof primitive === "string" || typeof primitive === "object")
      ) {
        return Buffer.from(primitive, encodingOrOffset, length);
      }
      const made = fromObject(value);
      if (made) return made;
      if (typeof value[Symbol.toPrimitive] === "function") {
        const text = value[Symbol.toPrimitive]("string");
        if (typeof text === "string") return Buffer.from(text, encodingOrOffset);
      }
    }
    throw invalidArgType("first argument", FROM, value);
  },
  of(...items) {
    return FastBuffer.from(items);
  },
  alloc(size, fill, encoding) {
    checkSize(size);
    const buffer = new FastBuffer(size);
    return fill !== undefined && fill !== 0 && size > 0 ? buffer.fill(fill, encoding) : buffer;
  },
  allocUnsafe(size) {
    checkSize(size);
    return new FastBuffer(size);
  },
  allocUnsafeSlow(size) {
    checkSize(size);
    return new FastBuffer(size);
  },
  isBuffer(value) {
    return value instanceof Buffer;
  },
  isEncoding(name) {
    return typeof name === "string" && name.length !== 0 && encodingNumber(name) !== undefined;
  },
  byteLength(value, encoding) {
    if (typeof value === "string") return native.byteLength(value, encodingNumber(encoding) ?? 0);
    if (
      ArrayBuffer.isView(value) ||
      value instanceof ArrayBuffer ||
      value instanceof SharedArrayBuffer
    ) {
      return value.byteLength;
    }
    throw invalidArgType("string", "of type string or an instance of Buffer or ArrayBuffer", value);
  },
  compare(left, right) {
    checkBytes(left, "buf1");
    checkBytes(right, "buf2");
    return native.compare(left, right);
  },
  concat(list, totalLength) {
    if (!Array.isArray(list)) throw invalidArgType("list", "an instance of Array", list);
    let size = totalLength;
    if (size === undefined) {
      size = 0;
      for (const piece of list) size += piece.length;
    }
    const joined = Buffer.allocUnsafe(size);
    let at = 0;
    for (const [index, piece] of list.entries()) {
      checkBytes(piece, `list[${index}]`);
      if (at >= size) break;
      joined.set(at + piece.length > size ? piece.subarray(0, size - at) : piece, at);
      at += piece.length;
    }
    return joined;
  },
  copyBytesFrom(source, offset = 0, length = source.length - offset) {
    return Buffer.from(asBytes(source.slice(offset, offset + length)));
  },
};
for (const [name, value] of Object.entries(statics)) {
  Object.defineProperty(Buffer, name, {
    value,
    writable: true,
    configurable: true,
    enumerable: true,
  });
}
Buffer.poolSize = 8192;

function checkBytes(value, name) {
  if (!(value instanceof Uint8Array))
    throw invalidArgType(name, "an instance of Buffer or Uint8Array", value);
}

/** The bytes behind any view or ArrayBuffer, shared. */
function asBytes(value) {
  if (value instanceof Uint8Array) return value;
  if (ArrayBuffer.isView(value))
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  return new Uint8Array(value);
}

function clampIndex(value, fallback, length) {
  if (value === undefined) return fallback;
  const number = Math.trunc(+value) || 0;
  return Math.min(Math.max(number, 0), length);
}

const methods = {
  toString(encoding, start, end) {
    const from = clampIndex(start, 0, this.length);
    const to = clampIndex(end, this.length, this.length);
    if (to <= from) return "";
    return native.toString(this, encodingOf(encoding), from, to);
  },
  toLocaleString(encoding, start, end) {
    return this.toString(encoding, start, end);
  },
  toJSON() {
    return { type: "Buffer", data: Array.from(this) };
  },
  equals(other) {
    checkBytes(other, "otherBuffer");
    return this === other || (this.length === other.length && native.compare(this, other) === 0);
  },
  compare(
    target,
    targetStart = 0,
    targetEnd = target.length,
    sourceStart = 0,
    sourceEnd = this.length,
  ) {
    checkBytes(target, "target");
    return native.compare(
      this.subarray(sourceStart, sourceEnd),
      target.subarray(targetStart, targetEnd),
    );
  },
  slice(start, end) {
    return this.subarray(start, end);
  },
  subarray(start, end) {
    const index = (value, fallback) => {
      if (value === undefined) return fallback;
      const number = Math.trunc(+value) || 0;
      return number < 0 ? Math.max(0, number + this.length) : Math.min(number, this.length);
    };
    const from = index(start, 0);
    return new FastBuffer(
      this.buffer,
      this.byteOffset + from,
      Math.max(0, index(end, this.length) - from),
    );
  },
  copy(target, targetStart = 0, sourceStart = 0, sourceEnd = this.length) {
    checkBytes(target, "target");
    const at = Math.trunc(+targetStart) || 0;
    const from = Math.trunc(+sourceStart) || 0;
    if (at < 0) throw outOfRange("targetStart", ">= 0", targetStart);
    if (from < 0 || from > this.length)
      throw outOfRange("sourceStart", `>= 0 && <= ${this.length}`, sourceStart);
    const count = Math.min(
      Math.min(Math.trunc(+sourceEnd) || 0, this.length) - from,
      target.length - at,
    );
    if (count <= 0) return 0;
    Uint8Array.prototype.set.call(
      target,
      Uint8Array.prototype.subarray.call(this, from, from + count),
      at,
    );
    return count;
  },
  write(text, offset, length, encoding) {
    let [at, count, name] = [offset, length, encoding];
    if (typeof at === "string") [name, at, count] = [at, undefined, undefined];
    else if (typeof count === "string") [name, count] = [count, undefined];
    if (typeof text !== "string") throw invalidArgType("argument", "of type string", text);
    at ??= 0;
    if (!Number.isInteger(at) || at < 0 || at > this.length)
      throw outOfRange("offset", `>= 0 && <= ${this.length}`, at);
    count ??= this.length - at;
    if (count < 0 || count > this.length - at) count = this.length - at;
    return native.writeString(this, text, encodingOf(name), at, count);
  },
  readBigUint64LE(offset) {
    return this.readBigUInt64LE(offset);
  },
  [Symbol.for("nodejs.util.inspect.custom")]() {
    const shown = native.toString(this, 1, 0, INSPECT_MAX_BYTES).replace(/(..)(?=.)/g, "$1 ");
    const rest = this.length - INSPECT_MAX_BYTES;
    const more = rest > 0 ? ` ... ${rest} more byte${rest > 1 ? "s" : ""}` : "";
    return `<${this.constructor.name}${shown ? " " : ""}${shown}${more}>`;
  },
};
for (const name of Reflect.ownKeys(methods)) {
  Object.defineProperty(Buffer.prototype, name, {
    value: methods[name],
    writable: true,
    configurable: true,
    enumerable: typeof name === "string",
  });
}
for (const encoding of CANONICAL) {
  const number = encodingNumber(encoding);
  Object.defineProperty(Buffer.prototype, `${encoding === "utf16le" ? "ucs2" : encoding}Slice`, {
    value(start = 0, end = this.length) {
      return native.toString(this, number, start, end);
    },
    writable: true,
    configurable: true,
  });
  Object.defineProperty(Buffer.prototype, `${encoding === "utf16le" ? "ucs2" : encoding}Write`, {
    value(text, offset = 0, length = this.length - offset) {
      return native.writeString(this, text, number, offset, length);
    },
    writable: true,
    configurable: true,
  });
}
Object.defineProperties(Buffer.prototype, {
  parent: {
    get() {
      return this.buffer;
    },
    configurable: true,
  },
  offset: {
    get() {
      return this.byteOffset;
    },
    configurable: true,
  },
});
defineNumbers(Buffer.prototype);
defineSearch(Buffer);

export function SlowBuffer(size) {
  return Buffer.allocUnsafeSlow(size);
}

export function isUtf8(input) {
  return native.isUtf8(asBytes(input));
}

export function isAscii(input) {
  return native.isAscii(asBytes(input));
}

export function transcode(source, from, to) {
  return Buffer.from(Buffer.from(source).toString(from), to);
}

export function resolveObjectURL() {
  return undefined;
}

export { atob, Blob, btoa, File };

export default {
  Buffer,
  SlowBuffer,
  constants,
  kMaxLength,
  kStringMaxLength,
  INSPECT_MAX_BYTES,
  isUtf8,
  isAscii,
  transcode,
  resolveObjectURL,
  atob,
  btoa,
  Blob,
  File,
};
