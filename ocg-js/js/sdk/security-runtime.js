/** Guards of files and regular expressions (plugin contract §6.1). */
export {
  FsSafeError,
  openLocalFileSafely,
  pathExistsSync,
  readRegularFile,
  readRegularFileSync,
  resolveLocalPathFromRootsSync,
  statRegularFileSync,
} from "ocg:runtime/safe-files";
export { compileSafeRegexDetailed } from "ocg:runtime/safe-regex";
