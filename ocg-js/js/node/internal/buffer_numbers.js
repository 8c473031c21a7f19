// Reading and writing numbers in a Buffer.

import { invalidArgType, nodeError, outOfRange } from "node:internal/errors";

function view(buffer) {
  return new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}

function checkOffset(buffer, offset, size) {
  if (typeof offset !== "number") throw invalidArgType("offset", "of type number", offset);
  if (!Number.isInteger(offset)) throw outOfRange("offset", "an integer", offset);
  if (buffer.length < size) {
    throw nodeError(
      RangeError,
      "ERR_BUFFER_OUT_OF_BOUNDS",
      "Attempt to access memory outside buffer bounds",
    );
  }
  if (offset < 0 || offset + size > buffer.length) {
    throw outOfRange("offset", `>= 0 and <= ${buffer.length - size}`, offset);
  }
}

function checkValue(value, min, max, bytes) {
  if (value >= min && value <= max) return;
  if (typeof value === "bigint") {
    const low = min === 0n ? "0n" : `-(2n ** ${bytes * 8 - 1}n)`;
    const high = min === 0n ? `2n ** ${bytes * 8}n` : `2n ** ${bytes * 8 - 1}n`;
    throw outOfRange("value", `>= ${low} and < ${high}`, value);
  }
  if (Number.isNaN(Number(value))) return;
  if (bytes > 4) {
    const range =
      min === 0
        ? `>= 0 and < 2 ** ${bytes * 8}`
        : `>= -(2 ** ${bytes * 8 - 1}) and < 2 ** ${bytes * 8 - 1}`;
    throw outOfRange("value", range, value);
  }
  throw outOfRange(
    "value",
    bytes > 3 && min < 0 ? `>= ${min} and <= ${max}` : `>= ${min} and <= ${max}`,
    value,
  );
}

function checkLength(byteLength) {
  if (typeof byteLength !== "number")
    throw invalidArgType("byteLength", "of type number", byteLength);
  if (!Number.isInteger(byteLength)) throw outOfRange("byteLength", "an integer", byteLength);
  if (byteLength < 1 || byteLength > 6) throw outOfRange("byteLength", ">= 1 and <= 6", byteLength);
}

/** @param {object} proto Buffer.prototype */
export function defineNumbers(proto) {
  const define = (names, value) => {
    for (const name of names) {
      Object.defineProperty(proto, name, {
        value,
        writable: true,
        configurable: true,
        enumerable: true,
      });
    }
  };
  const fixed = (name, type, size, ranges) => {
    const unsigned = name.startsWith("U") || name.startsWith("BigU");
    const alias = unsigned ? name.replace("UI", "Ui") : undefined;
    for (const little of size === 1 ? [true] : [true, false]) {
      const suffix = size === 1 ? "" : little ? "LE" : "BE";
      const names = (verb) =>
        [`${verb}${name}${suffix}`].concat(alias ? [`${verb}${alias}${suffix}`] : []);
      define(names("read"), function (offset = 0) {
        checkOffset(this, offset, size);
        return view(this)[`get${type}`](offset, little);
      });
      define(names("write"), function (value, offset = 0) {
        let number = value;
        if (ranges) {
          if (typeof ranges[0] !== "bigint") number = +value;
          checkValue(number, ranges[0], ranges[1], size);
        }
        checkOffset(this, offset, size);
        view(this)[`set${type}`](offset, number, little);
        return offset + size;
      });
    }
  };
  fixed("UInt8", "Uint8", 1, [0, 0xff]);
  fixed("UInt16", "Uint16", 2, [0, 0xffff]);
  fixed("UInt32", "Uint32", 4, [0, 0xffffffff]);
  fixed("Int8", "Int8", 1, [-0x80, 0x7f]);
  fixed("Int16", "Int16", 2, [-0x8000, 0x7fff]);
  fixed("Int32", "Int32", 4, [-0x80000000, 0x7fffffff]);
  fixed("BigUInt64", "BigUint64", 8, [0n, 2n ** 64n - 1n]);
  fixed("BigInt64", "BigInt64", 8, [-(2n ** 63n), 2n ** 63n - 1n]);
  fixed("Float", "Float32", 4);
  fixed("Double", "Float64", 8);

  for (const little of [true, false]) {
    const suffix = little ? "LE" : "BE";
    const read = (buffer, offset, byteLength) => {
      if (offset === undefined) throw invalidArgType("offset", "of type number", offset);
      checkLength(byteLength);
      checkOffset(buffer, offset, byteLength);
      let value = 0;
      for (let i = 0; i < byteLength; i++) {
        value = value * 256 + buffer[offset + (little ? byteLength - 1 - i : i)];
      }
      return value;
    };
    const write = (buffer, value, offset, byteLength) => {
      let rest = value < 0 ? value + 2 ** (8 * byteLength) : value;
      for (let i = 0; i < byteLength; i++) {
        buffer[offset + (little ? i : byteLength - 1 - i)] = rest % 256;
        rest = Math.floor(rest / 256);
      }
      return offset + byteLength;
    };
    define([`readUInt${suffix}`, `readUint${suffix}`], function (offset, byteLength) {
      return read(this, offset, byteLength);
    });
    define([`readInt${suffix}`], function (offset, byteLength) {
      const value = read(this, offset, byteLength);
      const limit = 2 ** (8 * byteLength - 1);
      return value >= limit ? value - 2 * limit : value;
    });
    define([`writeUInt${suffix}`, `writeUint${suffix}`], function (value, offset, byteLength) {
      checkLength(byteLength);
      checkValue(+value, 0, 2 ** (8 * byteLength) - 1, byteLength);
      checkOffset(this, offset, byteLength);
      return write(this, +value, offset, byteLength);
    });
    define([`writeInt${suffix}`], function (value, offset, byteLength) {
      checkLength(byteLength);
      const limit = 2 ** (8 * byteLength - 1);
      checkValue(+value, -limit, limit - 1, byteLength);
      checkOffset(this, offset, byteLength);
      return write(this, +value, offset, byteLength);
    });
  }
}
