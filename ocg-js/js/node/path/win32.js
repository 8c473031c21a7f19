import { posix, win32 } from "node:path";

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
} = win32;
export { posix, win32 };
export default win32;
