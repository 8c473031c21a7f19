/** File URLs and paths that plugins get from elsewhere. */
import { basename, win32 } from "node:path";
import { fileURLToPath } from "node:url";

/** `\\server\share`: opening it would talk to that server. @param {string} path */
export function isWindowsNetworkPath(path) {
  return process.platform === "win32" && /^[\\/]{2}(?![?.][\\/])/.test(path);
}

/** @param {string} path @param {string} [label] */
export function assertNoWindowsNetworkPath(path, label = "Path") {
  if (isWindowsNetworkPath(path)) throw new Error(`${label} cannot be a network path: ${path}`);
}

/** Whether a separator hides in percent signs. @param {string} pathname */
export function hasEncodedFileUrlSeparator(pathname) {
  return /%2f|%5c/i.test(pathname);
}

/** The path of a file URL of this machine. @param {string} url */
export function safeFileURLToPath(url) {
  const parsed = new URL(url);
  if (parsed.protocol !== "file:") throw new Error(`no file URL: ${url}`);
  if (parsed.hostname && parsed.hostname.toLowerCase() !== "localhost") {
    throw new Error(`file URL of another host: ${url}`);
  }
  if (hasEncodedFileUrlSeparator(parsed.pathname)) {
    throw new Error(`file URL with a hidden separator: ${url}`);
  }
  const path = fileURLToPath(`file://${parsed.pathname}`);
  assertNoWindowsNetworkPath(path, "File URL");
  return path;
}

/** As above; nothing where it would throw. */
export function trySafeFileURLToPath(url) {
  try {
    return safeFileURLToPath(url);
  } catch {
    return undefined;
  }
}

/** The file name at the end of a path or URL. @param {string} [source] */
export function basenameFromMediaSource(source) {
  if (!source) return undefined;
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(source)) {
    try {
      return basename(decodeURIComponent(new URL(source).pathname)) || undefined;
    } catch {
      return undefined;
    }
  }
  return win32.basename(source) || undefined;
}

/** `C:\dir` and the like. @param {string} path */
export const isWindowsDrivePath = (path) => /^[a-z]:[\\/]/i.test(path);
