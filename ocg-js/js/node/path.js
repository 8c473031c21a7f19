// node:path. The default is POSIX; win32 is there for code that handles foreign paths.

import { pathRules } from "node:internal/path_rules";

export const posix = pathRules({
  sep: "/",
  delimiter: ":",
  root: (path) => (path.startsWith("/") ? "/" : ""),
  split: "/",
  isNormal: (path) =>
    !path.includes("//") &&
    !path.includes("/./") &&
    !path.includes("/../") &&
    !path.startsWith(".") &&
    !path.endsWith("/.") &&
    !path.endsWith("/.."),
  same: (left, right) => left === right,
  cwd: () => globalThis.process?.cwd() ?? "/",
});

export const win32 = pathRules({
  sep: "\\",
  delimiter: ";",
  root: (path) =>
    /^(?:[\\/]{2}[^\\/]+[\\/]+[^\\/]+[\\/]?|[A-Za-z]:[\\/]?|[\\/])/.exec(path)?.[0] ?? "",
  split: /[\\/]/,
  same: (left, right) => left.toLowerCase() === right.toLowerCase(),
  cwd: () => "C:\\",
});

posix.posix = win32.posix = posix;
posix.win32 = win32.win32 = win32;

export const {
  sep,
  delimiter,
  normalize,
  isAbsolute,
  join,
  resolve,
  relative,
  dirname,
  basename,
  extname,
  parse,
  format,
  matchesGlob,
  toNamespacedPath,
} = posix;

export default posix;
