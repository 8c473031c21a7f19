// The blocking half of node:fs.

import * as native from "ocg:native/fs";
import {
  constants,
  contentFor,
  contentOf,
  fdOf,
  flagsOf,
  isUtf8,
  listing,
  modeOf,
  optionsOf,
  pathOf,
  readArguments,
  removalError,
  secondsOf,
  writeArguments,
} from "node:internal/fs_arguments";
import { statsOf } from "node:internal/fs_stats";

export function readFileSync(path, options) {
  const { encoding, flag } = optionsOf(options);
  if (Number.isInteger(path)) return contentFor(readAll(fdOf(path)), encoding);
  const file = pathOf(path);
  if (flag !== undefined && flag !== "r") {
    const fd = openSync(file, flag);
    try {
      return contentFor(readAll(fd), encoding);
    } finally {
      closeSync(fd);
    }
  }
  if (isUtf8(encoding)) return native.readTextSync(file);
  return contentFor(native.readFileSync(file), encoding);
}

function readAll(fd) {
  const pieces = [];
  let length = 0;
  for (;;) {
    const piece = new Uint8Array(native.readSync(fd, 65536, -1));
    if (piece.length === 0) break;
    pieces.push(piece);
    length += piece.length;
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all.buffer;
}

export function writeFileSync(path, data, options) {
  const { encoding, flag, mode } = optionsOf(options);
  const content = contentOf(data, encoding);
  if (typeof path === "number") {
    writeAll(path, content);
    return;
  }
  native.writeFileSync(pathOf(path), content, flagsOf(flag, "w"), modeOf(mode, 0o666));
}

export function appendFileSync(path, data, options) {
  writeFileSync(path, data, { ...optionsOf(options), flag: optionsOf(options).flag ?? "a" });
}

/** Descriptors 1 and 2 are the plugin's output, which the isolate owns. */
function writeAll(fd, content, position = -1) {
  const stream =
    fd === 1 ? globalThis.process?.stdout : fd === 2 ? globalThis.process?.stderr : undefined;
  if (!stream) return native.writeSync(fdOf(fd), content, position);
  stream.write(content);
  return content.length;
}

export function existsSync(path) {
  try {
    native.accessSync(pathOf(path), constants.F_OK);
    return true;
  } catch {
    return false;
  }
}

export function accessSync(path, mode = constants.F_OK) {
  native.accessSync(pathOf(path), mode);
}

function lookUp(look, path, options) {
  try {
    return statsOf(look(path), options?.bigint);
  } catch (error) {
    if (options?.throwIfNoEntry === false && (error.code === "ENOENT" || error.code === "ENOTDIR"))
      return undefined;
    throw error;
  }
}

export function statSync(path, options) {
  return lookUp(native.statSync, pathOf(path), options);
}

export function lstatSync(path, options) {
  return lookUp(native.lstatSync, pathOf(path), options);
}

export function fstatSync(fd, options) {
  return statsOf(native.fstatSync(fdOf(fd)), options?.bigint);
}

export function mkdirSync(path, options) {
  const { recursive = false, mode } =
    typeof options === "object" && options !== null ? options : { mode: options };
  return native.mkdirSync(pathOf(path), Boolean(recursive), modeOf(mode, 0o777)) ?? undefined;
}

export function mkdtempSync(prefix) {
  return native.mkdtempSync(pathOf(prefix, "prefix"));
}

export function readdirSync(path, options) {
  const settings = optionsOf(options);
  const directory = pathOf(path);
  return listing(native.readdirSync(directory, Boolean(settings.recursive)), directory, settings);
}

export function rmSync(path, options) {
  try {
    native.rmSync(pathOf(path), Boolean(options?.recursive), Boolean(options?.force));
  } catch (error) {
    throw removalError(error);
  }
}

export function rmdirSync(path, options) {
  if (options?.recursive) rmSync(path, { recursive: true });
  else native.rmdirSync(pathOf(path));
}

export function unlinkSync(path) {
  native.unlinkSync(pathOf(path));
}

export function renameSync(from, to) {
  native.renameSync(pathOf(from, "oldPath"), pathOf(to, "newPath"));
}

export function copyFileSync(from, to, mode = 0) {
  native.copyFileSync(pathOf(from, "src"), pathOf(to, "dest"), mode);
}

export function cpSync(from, to, options = {}) {
  const [source, target] = [pathOf(from, "src"), pathOf(to, "dest")];
  if (options.filter && !options.filter(source, target)) return;
  if (!statSync(source).isDirectory()) {
    if (options.force === false && existsSync(target)) return;
    copyFileSync(source, target);
    return;
  }
  if (!options.recursive) {
    const error = new Error(`Recursive option not enabled, cannot copy a directory: ${source}`);
    error.code = "ERR_FS_EISDIR";
    throw error;
  }
  mkdirSync(target, { recursive: true });
  for (const name of readdirSync(source)) cpSync(`${source}/${name}`, `${target}/${name}`, options);
}

export function realpathSync(path) {
  return native.realpathSync(pathOf(path));
}
realpathSync.native = realpathSync;

export function chmodSync(path, mode) {
  native.chmodSync(pathOf(path), modeOf(mode, undefined));
}

/** Ownership stays as it is: plugins run as the gateway's user. */
export function chownSync() {}

export function truncateSync(path, length = 0) {
  native.truncateSync(pathOf(path), length ?? 0);
}

export function utimesSync(path, atime, mtime) {
  native.utimesSync(pathOf(path), secondsOf(atime, "atime"), secondsOf(mtime, "mtime"));
}

export function symlinkSync(target, path) {
  native.symlinkSync(pathOf(target, "target"), pathOf(path));
}

export function readlinkSync(path) {
  return native.readlinkSync(pathOf(path));
}

export function linkSync(from, to) {
  native.linkSync(pathOf(from, "existingPath"), pathOf(to, "newPath"));
}

export function openSync(path, flags = "r", mode = 0o666) {
  return native.openSync(pathOf(path), flagsOf(flags), modeOf(mode, 0o666));
}

export function closeSync(fd) {
  native.closeSync(fdOf(fd));
}

export function readSync(fd, buffer, offset, length, position) {
  const request = readArguments(buffer, offset, length, position);
  return request.fill(native.readSync(fdOf(fd), request.count, request.position));
}

export function writeSync(fd, data, a, b, c) {
  const { content, position } = writeArguments(data, a, b, c);
  return writeAll(fdOf(fd), content, position);
}

export function fsyncSync(fd) {
  native.fsyncSync(fdOf(fd));
}

export const fdatasyncSync = fsyncSync;

export function ftruncateSync(fd, length = 0) {
  native.ftruncateSync(fdOf(fd), length ?? 0);
}
