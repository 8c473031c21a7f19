// The callback half of node:fs, made from the promises.

import * as native from "ocg:native/fs";
import promises from "node:fs/promises";
import { validateFunction } from "node:internal/errors";
import {
  constants,
  fdOf,
  flagsOf,
  modeOf,
  pathOf,
  readArguments,
  writeArguments,
} from "node:internal/fs_arguments";
import { statsOf } from "node:internal/fs_stats";
import { nextTick } from "node:internal/next_tick";

/** Errors of the callback must not look like rejections of the operation. */
function settle(promise, callback, args = (value) => [value]) {
  promise.then(
    (value) => nextTick(callback, null, ...(value === undefined ? [] : args(value))),
    (error) => nextTick(callback, error),
  );
}

function fromPromise(operation) {
  const wrapped = (...args) => {
    const callback = typeof args.at(-1) === "function" ? args.pop() : undefined;
    validateFunction(callback, "cb");
    settle(operation(...args), callback);
  };
  Object.defineProperty(wrapped, "name", { value: operation.name });
  return wrapped;
}

export const access = fromPromise(promises.access);
export const appendFile = fromPromise(promises.appendFile);
export const chmod = fromPromise(promises.chmod);
export const chown = fromPromise(promises.chown);
export const copyFile = fromPromise(promises.copyFile);
export const cp = fromPromise(promises.cp);
export const link = fromPromise(promises.link);
export const lstat = fromPromise(promises.lstat);
export const mkdir = fromPromise(promises.mkdir);
export const mkdtemp = fromPromise(promises.mkdtemp);
export const readFile = fromPromise(promises.readFile);
export const readdir = fromPromise(promises.readdir);
export const readlink = fromPromise(promises.readlink);
export const realpath = fromPromise(promises.realpath);
realpath.native = realpath;
export const rename = fromPromise(promises.rename);
export const rm = fromPromise(promises.rm);
export const rmdir = fromPromise(promises.rmdir);
export const stat = fromPromise(promises.stat);
export const symlink = fromPromise(promises.symlink);
export const truncate = fromPromise(promises.truncate);
export const unlink = fromPromise(promises.unlink);
export const utimes = fromPromise(promises.utimes);
export const writeFile = fromPromise(promises.writeFile);

export function exists(path, callback) {
  promises.access(path, constants.F_OK).then(
    () => callback(true),
    () => callback(false),
  );
}

export function open(path, ...rest) {
  const callback = rest.pop();
  validateFunction(callback, "cb");
  const [flags, mode] = rest;
  settle(native.open(pathOf(path), flagsOf(flags), modeOf(mode, 0o666)), callback);
}

export function close(fd, callback = () => {}) {
  settle(native.close(fdOf(fd)), callback);
}

export function read(fd, ...rest) {
  const callback = rest.pop();
  validateFunction(callback, "cb");
  const request = readArguments(...rest);
  settle(native.read(fdOf(fd), request.count, request.position), callback, (bytes) => [
    request.fill(bytes),
    request.target,
  ]);
}

export function write(fd, data, ...rest) {
  const callback = rest.pop();
  validateFunction(callback, "cb");
  const { content, position } = writeArguments(data, ...rest);
  settle(native.write(fdOf(fd), content, position), callback, (count) => [count, data]);
}

export function fstat(fd, ...rest) {
  const callback = rest.pop();
  validateFunction(callback, "cb");
  settle(native.fstat(fdOf(fd)), callback, (fields) => [statsOf(fields, rest[0]?.bigint)]);
}

export function fsync(fd, callback) {
  settle(native.fsync(fdOf(fd)), callback);
}

export const fdatasync = fsync;

export function ftruncate(fd, ...rest) {
  const callback = rest.pop();
  validateFunction(callback, "cb");
  settle(native.ftruncate(fdOf(fd), rest[0] ?? 0), callback);
}
