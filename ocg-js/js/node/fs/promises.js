// node:fs/promises

import * as native from "ocg:native/fs";
import { Buffer } from "node:buffer";
import { AbortError } from "node:internal/errors";
import { FileHandle } from "node:internal/file_handle";
import {
  constants,
  contentFor,
  contentOf,
  flagsOf,
  isUtf8,
  listing,
  modeOf,
  optionsOf,
  pathOf,
  removalError,
  secondsOf,
} from "node:internal/fs_arguments";
import { statsOf } from "node:internal/fs_stats";

function checkSignal(signal) {
  if (signal?.aborted) throw new AbortError(undefined, { cause: signal.reason });
}

export async function readFile(path, options) {
  const { encoding, flag, signal } = optionsOf(options);
  checkSignal(signal);
  if (path instanceof FileHandle) return path.readFile(options);
  const file = pathOf(path);
  if (flag !== undefined && flag !== "r") {
    const handle = await open(file, flag);
    try {
      return await handle.readFile({ encoding });
    } finally {
      await handle.close();
    }
  }
  if (isUtf8(encoding)) return native.readText(file);
  return contentFor(await native.readFile(file), encoding);
}

async function gathered(data, encoding) {
  const isList = typeof data === "object" && data !== null && !ArrayBuffer.isView(data);
  if (!isList || !(data[Symbol.asyncIterator] || data[Symbol.iterator]))
    return contentOf(data, encoding);
  const pieces = [];
  for await (const piece of data)
    pieces.push(typeof piece === "string" ? Buffer.from(piece, encoding) : piece);
  return Buffer.concat(pieces);
}

export async function writeFile(path, data, options) {
  const { encoding, flag, mode, signal } = optionsOf(options);
  checkSignal(signal);
  const content = await gathered(data, encoding);
  if (path instanceof FileHandle) {
    await path.writeFile(content);
    return;
  }
  await native.writeFile(pathOf(path), content, flagsOf(flag, "w"), modeOf(mode, 0o666));
}

export async function appendFile(path, data, options) {
  const settings = optionsOf(options);
  await writeFile(path, data, { ...settings, flag: settings.flag ?? "a" });
}

export async function access(path, mode = constants.F_OK) {
  await native.access(pathOf(path), mode);
}

export async function stat(path, options) {
  return statsOf(await native.stat(pathOf(path)), options?.bigint);
}

export async function lstat(path, options) {
  return statsOf(await native.lstat(pathOf(path)), options?.bigint);
}

export async function mkdir(path, options) {
  const { recursive = false, mode } =
    typeof options === "object" && options !== null ? options : { mode: options };
  return (await native.mkdir(pathOf(path), Boolean(recursive), modeOf(mode, 0o777))) ?? undefined;
}

export async function mkdtemp(prefix) {
  return native.mkdtemp(pathOf(prefix, "prefix"));
}

export async function readdir(path, options) {
  const settings = optionsOf(options);
  const directory = pathOf(path);
  return listing(await native.readdir(directory, Boolean(settings.recursive)), directory, settings);
}

export async function opendir(path, options) {
  const entries = await readdir(path, { ...options, withFileTypes: true });
  let at = 0;
  return {
    path: pathOf(path),
    read: async () => entries[at++] ?? null,
    close: async () => {},
    async *[Symbol.asyncIterator]() {
      yield* entries;
    },
  };
}

export async function rm(path, options) {
  try {
    await native.rm(pathOf(path), Boolean(options?.recursive), Boolean(options?.force));
  } catch (error) {
    throw removalError(error);
  }
}

export async function rmdir(path, options) {
  if (options?.recursive) await rm(path, { recursive: true });
  else await native.rmdir(pathOf(path));
}

export async function unlink(path) {
  await native.unlink(pathOf(path));
}

export async function rename(from, to) {
  await native.rename(pathOf(from, "oldPath"), pathOf(to, "newPath"));
}

export async function copyFile(from, to, mode = 0) {
  await native.copyFile(pathOf(from, "src"), pathOf(to, "dest"), mode);
}

export async function cp(from, to, options = {}) {
  const [source, target] = [pathOf(from, "src"), pathOf(to, "dest")];
  if (options.filter && !(await options.filter(source, target))) return;
  const found = await stat(source);
  if (!found.isDirectory()) {
    if (options.force === false && (await exists(target))) return;
    await copyFile(source, target);
    return;
  }
  if (!options.recursive) {
    const error = new Error(`Recursive option not enabled, cannot copy a directory: ${source}`);
    error.code = "ERR_FS_EISDIR";
    throw error;
  }
  await mkdir(target, { recursive: true });
  for (const name of await readdir(source))
    await cp(`${source}/${name}`, `${target}/${name}`, options);
}

async function exists(path) {
  return native.access(path, constants.F_OK).then(
    () => true,
    () => false,
  );
}

export async function realpath(path) {
  return native.realpath(pathOf(path));
}

export async function chmod(path, mode) {
  await native.chmod(pathOf(path), modeOf(mode, undefined));
}

/** Ownership stays as it is: plugins run as the gateway's user. */
export async function chown() {}

export async function truncate(path, length = 0) {
  await native.truncate(pathOf(path), length ?? 0);
}

export async function utimes(path, atime, mtime) {
  await native.utimes(pathOf(path), secondsOf(atime, "atime"), secondsOf(mtime, "mtime"));
}

export async function symlink(target, path) {
  await native.symlink(pathOf(target, "target"), pathOf(path));
}

export async function readlink(path) {
  return native.readlink(pathOf(path));
}

export async function link(from, to) {
  await native.link(pathOf(from, "existingPath"), pathOf(to, "newPath"));
}

export async function open(path, flags = "r", mode = 0o666) {
  return new FileHandle(await native.open(pathOf(path), flagsOf(flags), modeOf(mode, 0o666)));
}

export { constants };

export default {
  access,
  appendFile,
  chmod,
  chown,
  constants,
  copyFile,
  cp,
  link,
  lstat,
  mkdir,
  mkdtemp,
  open,
  opendir,
  readFile,
  readdir,
  readlink,
  realpath,
  rename,
  rm,
  rmdir,
  stat,
  symlink,
  truncate,
  unlink,
  utimes,
  writeFile,
};
