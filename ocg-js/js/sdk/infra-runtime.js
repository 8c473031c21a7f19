/** Temporary files and file locks. */
import { join } from "node:path";
import { tmpdir } from "node:os";

export { withFileLock } from "ocg:runtime/file-lock";

/** The directory in which plugins keep temporary files and logs. */
export function resolvePreferredOpenClawTmpDir() {
  return join(tmpdir(), "openclaw");
}
