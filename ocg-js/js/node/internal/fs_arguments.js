// How node:fs takes its arguments.

import { Buffer } from "node:buffer";
import { encodingNumber } from "node:internal/encoding";
import { invalidArgType, invalidArgValue, nodeError, outOfRange } from "node:internal/errors";
import { Dirent } from "node:internal/fs_stats";
import { URL } from "ocg:web/url";
import { fileURLToPath } from "node:url";

export const constants = Object.freeze({
  UV_FS_SYMLINK_DIR: 1,
  UV_FS_SYMLINK_JUNCTION: 2,
  O_RDONLY: 0,
  O_WRONLY: 1,
  O_RDWR: 2,
  UV_DIRENT_UNKNOWN: 0,
  UV_DIRENT_FILE: 1,
  UV_DIRENT_DIR: 2,
  UV_DIRENT_LINK: 3,
  S_IFMT: 61440,
  S_IFREG: 32768,
  S_IFDIR: 16384,
  S_IFCHR: 8192,
  S_IFBLK: 24576,
  S_IFIFO: 4096,
  S_IFLNK: 40960,
  S_IFSOCK: 49152,
  O_CREAT: 64,
  O_EXCL: 128,
  O_TRUNC: 512,
  O_APPEND: 1024,
  O_DIRECTORY: 65536,
  O_NOFOLLOW: 131072,
  O_SYNC: 1052672,
  O_NONBLOCK: 2048,
  S_IRWXU: 448,
  S_IRUSR: 256,
  S_IWUSR: 128,
  S_IXUSR: 64,
  S_IRWXG: 56,
  S_IRGRP: 32,
  S_IWGRP: 16,
  S_IXGRP: 8,
  S_IRWXO: 7,
  S_IROTH: 4,
  S_IWOTH: 2,
  S_IXOTH: 1,
  F_OK: 0,
  R_OK: 4,
  W_OK: 2,
  X_OK: 1,
  COPYFILE_EXCL: 1,
  COPYFILE_FICLONE: 2,
  COPYFILE_FICLONE_FORCE: 4,
  UV_FS_COPYFILE_EXCL: 1,
});

/** @returns {string} */
export function pathOf(value, name = "path") {
  let path = value;
  if (value instanceof URL) path = fileURLToPath(value);
  else if (value instanceof Uint8Array) path = Buffer.from(value).toString();
  if (typeof path !== "string") {
    throw invalidArgType(name, "of type string or an instance of Buffer or URL", value);
  }
  if (path.includes("\0")) {
    throw invalidArgValue(name, path, "must be a string, Uint8Array, or URL without null bytes");
  }
  return path;
}

const O = constants;
const FLAGS = {
  r: O.O_RDONLY,
  rs: O.O_RDONLY | O.O_SYNC,
  "r+": O.O_RDWR,
  "rs+": O.O_RDWR | O.O_SYNC,
  w: O.O_TRUNC | O.O_CREAT | O.O_WRONLY,
  wx: O.O_TRUNC | O.O_CREAT | O.O_WRONLY | O.O_EXCL,
  "w+": O.O_TRUNC | O.O_CREAT | O.O_RDWR,
  "wx+": O.O_TRUNC | O.O_CREAT | O.O_RDWR | O.O_EXCL,
  a: O.O_APPEND | O.O_CREAT | O.O_WRONLY,
  ax: O.O_APPEND | O.O_CREAT | O.O_WRONLY | O.O_EXCL,
  as: O.O_APPEND | O.O_CREAT | O.O_WRONLY | O.O_SYNC,
  "a+": O.O_APPEND | O.O_CREAT | O.O_RDWR,
  "ax+": O.O_APPEND | O.O_CREAT | O.O_RDWR | O.O_EXCL,
  "as+": O.O_APPEND | O.O_CREAT | O.O_RDWR | O.O_SYNC,
};

export function flagsOf(flags, fallback = "r") {
  const value = flags ?? fallback;
  if (typeof value === "number") return value;
  const normal =
    FLAGS[value] ??
    FLAGS[
      String(value)
        .replace(/^(x)(.)/, "$2$1")
        .replace(/^(.)(\+)(x)$/, "$1$3$2")
    ];
  if (normal === undefined) throw invalidArgValue("flags", value);
  return normal;
}

export function modeOf(mode, fallback) {
  if (mode === undefined || mode === null) return fallback;
  if (typeof mode === "string") {
    if (!/^[0-7]+$/.test(mode)) {
      throw invalidArgValue("mode", mode, "must be a 32-bit unsigned integer or an octal string");
    }
    return parseInt(mode, 8);
  }
  if (typeof mode !== "number") throw invalidArgType("mode", "of type number", mode);
  if (!Number.isInteger(mode)) throw outOfRange("mode", "an integer", mode);
  return mode;
}

/** Options that may be just an encoding. */
export function optionsOf(options, defaults = {}) {
  if (options === undefined || options === null || typeof options === "function") return defaults;
  const given = typeof options === "string" ? { encoding: options } : options;
  if (typeof given !== "object")
    throw invalidArgType("options", "one of type string or object", options);
  if (
    given.encoding &&
    given.encoding !== "buffer" &&
    encodingNumber(given.encoding) === undefined
  ) {
    throw invalidArgValue("encoding", given.encoding, "is invalid encoding");
  }
  return { ...defaults, ...given };
}

/** What a file is written from: a string that Rust takes as UTF-8, or bytes. */
export function contentOf(data, encoding) {
  if (typeof data === "string")
    return !encoding || encodingNumber(encoding) === 0 ? data : Buffer.from(data, encoding);
  if (data instanceof Uint8Array) return data;
  if (ArrayBuffer.isView(data))
    return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  throw invalidArgType(
    "data",
    "of type string or an instance of Buffer, TypedArray, or DataView",
    data,
  );
}

export function isUtf8(encoding) {
  return (
    encoding !== undefined && encoding !== null && encoding !== "" && encodingNumber(encoding) === 0
  );
}

/** @param {ArrayBuffer} bytes */
export function contentFor(bytes, encoding) {
  const buffer = Buffer.from(bytes);
  return encoding && encoding !== "buffer" ? buffer.toString(encoding) : buffer;
}

export function listing([names, types], directory, options) {
  if (!options.withFileTypes)
    return options.encoding === "buffer" ? names.map((name) => Buffer.from(name)) : names;
  return names.map((name, i) => {
    const slash = name.lastIndexOf("/");
    const parent =
      slash < 0 ? directory : `${directory.replace(/\/$/, "")}/${name.slice(0, slash)}`;
    return new Dirent(name.slice(slash + 1), types[i], parent);
  });
}

/** Seconds since 1970 of a Date, a number of seconds or a numeric string. */
export function secondsOf(time, name) {
  if (time instanceof Date) return time.getTime() / 1000;
  const seconds = typeof time === "string" ? Number(time) : time;
  if (typeof seconds === "number" && Number.isFinite(seconds)) return seconds;
  throw invalidArgType(name, "of type number or string or an instance of Date", time);
}

export function fdOf(fd) {
  if (typeof fd !== "number") throw invalidArgType("fd", "of type number", fd);
  if (!Number.isInteger(fd) || fd < 0) throw outOfRange("fd", ">= 0 && <= 2147483647", fd);
  return fd;
}

/** Arguments of fs.read and its kin: (buffer, offset, length, position) or (buffer, options). */
export function readArguments(buffer, offset, length, position) {
  let [target, from, count, at] = [buffer, offset, length, position];
  if (!ArrayBuffer.isView(target)) {
    const options = target ?? {};
    target = options.buffer ?? Buffer.alloc(16384);
    [from, count, at] = [options.offset, options.length, options.position];
  } else if (from !== null && typeof from === "object") {
    ({ offset: from, length: count, position: at } = from);
  }
  from ??= 0;
  count ??= target.byteLength - from;
  if (from < 0 || from > target.byteLength)
    throw outOfRange("offset", `>= 0 && <= ${target.byteLength}`, from);
  if (count < 0 || from + count > target.byteLength) {
    throw outOfRange("length", `>= 0 && <= ${target.byteLength - from}`, count);
  }
  return {
    target,
    count,
    position: at === null || at === undefined ? -1 : Number(at),
    /** Puts what was read into its place. */
    fill(bytes) {
      const source = new Uint8Array(bytes);
      new Uint8Array(target.buffer, target.byteOffset, target.byteLength).set(source, from);
      return source.length;
    },
  };
}

/** Arguments of fs.write and its kin, for text and for bytes. */
export function writeArguments(data, a, b, c) {
  if (typeof data === "string") {
    return {
      content: contentOf(data, typeof b === "string" ? b : undefined),
      position: typeof a === "number" ? a : -1,
    };
  }
  const bytes = contentOf(data);
  let [offset, length, position] = [a, b, c];
  if (offset !== null && typeof offset === "object") ({ offset, length, position } = offset);
  offset ??= 0;
  length ??= bytes.byteLength - offset;
  if (offset < 0 || offset > bytes.byteLength)
    throw outOfRange("offset", `>= 0 && <= ${bytes.byteLength}`, offset);
  if (length < 0 || offset + length > bytes.byteLength) {
    throw outOfRange("length", `>= 0 && <= ${bytes.byteLength - offset}`, length);
  }
  return {
    content: bytes.subarray(offset, offset + length),
    position: typeof position === "number" ? position : -1,
  };
}

/** Node tells apart that `rm` needs `recursive` for a directory. */
export function removalError(error) {
  if (error.code !== "EISDIR") return error;
  const told = nodeError(
    Error,
    "ERR_FS_EISDIR",
    `Path is a directory: rm returned EISDIR (is a directory) ${error.path}`,
  );
  return Object.assign(told, { name: "SystemError", errno: 21, syscall: "rm", path: error.path });
}
