/** Temporary files, file locks, bodies of requests. */
import { join } from "node:path";
import { tmpdir } from "node:os";

export { withFileLock } from "ocg:runtime/file-lock";
export {
  DEFAULT_WEBHOOK_BODY_TIMEOUT_MS,
  DEFAULT_WEBHOOK_MAX_BODY_BYTES,
  RequestBodyLimitError,
  installRequestBodyLimitGuard,
  isRequestBodyLimitError,
  readJsonBodyWithLimit,
  readRequestBodyWithLimit,
  requestBodyErrorToText,
} from "ocg:runtime/request-body";

/** The directory in which plugins keep temporary files and logs. */
export function resolvePreferredOpenClawTmpDir() {
  return join(tmpdir(), "openclaw");
}
