/** Files that are opened only when they are what they seem (plugin contract §6.1). */
import {
  constants,
  lstatSync,
  openSync,
  readFileSync,
  closeSync,
  fstatSync,
  existsSync,
  realpathSync,
} from "node:fs";
import { open } from "node:fs/promises";
import { dirname, isAbsolute, basename, join, relative, resolve, sep } from "node:path";
import { homedir } from "node:os";
import { fileURLToPath } from "node:url";

const MISSING = new Set(["ENOENT", "ENOTDIR"]);
const READ = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** A file that is refused; `code` says why. */
export class FsSafeError extends Error {
  name = "FsSafeError";

  constructor(code, message, options = {}) {
    super(message, options);
    this.code = code;
    this.category = ["not-found", "not-file", "symlink"].includes(code) ? "policy" : "operational";
    this.details = options.details;
  }
}

/**
 * Opens a regular file, not a link to one. The caller closes the handle.
 *
 * @param {{ filePath: string }} params
 */
export async function openLocalFileSafely({ filePath }) {
  const seen = inspect(filePath);
  const handle = await open(filePath, READ);
  try {
    const stat = await handle.stat();
    checkSame(stat, seen, filePath);
    return { handle, stat, realPath: realpathSync(filePath) };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** What lies at the path, which must be a regular file with one name. */
function inspect(path) {
  if (path.includes("\0")) throw new FsSafeError("invalid-path", "file path contains a NUL byte");
  let seen;
  try {
    seen = lstatSync(path);
  } catch (cause) {
    if (!MISSING.has(cause.code)) throw cause;
    throw new FsSafeError("not-found", `file not found: ${path}`, { cause });
  }
  if (seen.isSymbolicLink()) throw new FsSafeError("symlink", `symlink not allowed: ${path}`);
  if (!seen.isFile()) throw new FsSafeError("not-file", `not a file: ${path}`);
  return seen;
}

function checkSame(stat, seen, path) {
  if (!stat.isFile()) throw new FsSafeError("not-file", `not a file: ${path}`);
  if (stat.ino !== seen.ino || stat.dev !== seen.dev) {
    throw new FsSafeError("path-mismatch", `file changed during open: ${path}`);
  }
}

/** A regular file's content. @param {{ filePath: string, maxBytes?: number }} params */
export async function readRegularFile({ filePath, maxBytes }) {
  const { handle, stat } = await openLocalFileSafely({ filePath });
  try {
    checkSize(stat, maxBytes, filePath);
    const buffer = await handle.readFile();
    checkSize({ size: buffer.length }, maxBytes, filePath);
    return { buffer, stat };
  } finally {
    await handle.close();
  }
}

/** The same, at once. */
export function readRegularFileSync({ filePath, maxBytes }) {
  const seen = inspect(filePath);
  const descriptor = openSync(filePath, READ);
  try {
    const stat = fstatSync(descriptor);
    checkSame(stat, seen, filePath);
    checkSize(stat, maxBytes, filePath);
    const buffer = readFileSync(descriptor);
    checkSize({ size: buffer.length }, maxBytes, filePath);
    return { buffer, stat };
  } finally {
    closeSync(descriptor);
  }
}

function checkSize({ size }, maxBytes, path) {
  if (maxBytes !== undefined && size > maxBytes) {
    throw new FsSafeError("too-large", `file exceeds limit of ${maxBytes} bytes: ${path}`);
  }
}

/** What is known of a regular file; `missing` where there is none. */
export function statRegularFileSync(path) {
  let stat;
  try {
    stat = lstatSync(path);
  } catch (error) {
    if (MISSING.has(error.code)) return { missing: true };
    throw error;
  }
  if (stat.isSymbolicLink() || !stat.isFile()) throw new Error("path must be a regular file");
  return { missing: false, stat };
}

/** Whether something is there. */
export function pathExistsSync(path) {
  return existsSync(path);
}

/**
 * The real path if it lies below one of the roots, links followed, else null.
 *
 * @param {{ filePath: string, roots: string[], allowMissing?: boolean, requireFile?: boolean }} options
 */
export function resolveLocalPathFromRootsSync(options) {
  const path = absolutePath(options.filePath);
  if (!path) return null;
  for (const given of options.roots) {
    const root = realPath(absolutePath(given) ?? "");
    if (!root?.exists) continue;
    const target = realPath(path);
    if (!target || (!target.exists && !options.allowMissing)) continue;
    if (!isBelow(target.path, root.path)) continue;
    if (options.requireFile && target.exists && !isFile(path)) continue;
    return { path: target.path, root: root.path };
  }
  return null;
}

function absolutePath(given) {
  const text = String(given ?? "").trim();
  if (!text || text.includes("\0")) return null;
  try {
    const path = /^file:/i.test(text) ? fileURLToPath(text) : text;
    const home = path.replace(/^~(?=$|\/)/, homedir());
    return isAbsolute(home) ? resolve(home) : resolve(home);
  } catch {
    return null;
  }
}

/** The path with links followed, as far as it exists; null where a link leads nowhere. */
function realPath(path) {
  if (!path) return null;
  try {
    return { path: realpathSync(path), exists: true };
  } catch (error) {
    if (!MISSING.has(error.code) || isLink(path) || dirname(path) === path) return null;
    const parent = realPath(dirname(path));
    return parent && { path: join(parent.path, basename(path)), exists: false };
  }
}

function isLink(path) {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
}

function isFile(path) {
  return lstatSync(path).isFile();
}

function isBelow(path, root) {
  const way = relative(root, path);
  return way === "" || (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}
