/** Exclusive lock files, with take-over of stale ones. */
import { close, open, stat, unlink } from "node:fs";
import { promisify } from "node:util";

const openFile = promisify(open);
const closeFile = promisify(close);
const statFile = promisify(stat);
const unlinkFile = promisify(unlink);

const DEFAULT_STALE_MS = 30_000;

/**
 * Runs `task` while `<path>.lock` is held.
 *
 * @template T
 * @param {string} path
 * @param {{ retries?: { retries?: number, factor?: number, minTimeout?: number, maxTimeout?: number }, stale?: number }} options
 * @param {() => Promise<T>} task
 * @returns {Promise<T>}
 */
export async function withFileLock(path, options, task) {
  const lockPath = `${path}.lock`;
  await acquire(lockPath, options ?? {});
  try {
    return await task();
  } finally {
    await unlinkFile(lockPath).catch(() => {});
  }
}

async function acquire(lockPath, { retries = {}, stale = DEFAULT_STALE_MS }) {
  const { retries: attempts = 10, factor = 2, minTimeout = 100, maxTimeout = 1000 } = retries;
  for (let attempt = 0; ; attempt += 1) {
    try {
      await closeFile(await openFile(lockPath, "wx", 0o600));
      return;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    if (await isStale(lockPath, stale)) {
      await unlinkFile(lockPath).catch(() => {});
      continue;
    }
    if (attempt >= attempts) {
      throw Object.assign(new Error(`file lock timeout for ${lockPath}`), {
        code: "file_lock_timeout",
      });
    }
    const pause = Math.min(maxTimeout, minTimeout * factor ** attempt);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

async function isStale(lockPath, stale) {
  try {
    return Date.now() - (await statFile(lockPath)).mtimeMs > stale;
  } catch {
    return false;
  }
}
