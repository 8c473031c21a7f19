/** Temporary files, file locks, bodies of requests. */
import { join } from "node:path";
import { tmpdir } from "node:os";
import {
  FsSafeError,
  readRegularFile,
  resolveLocalPathFromRootsSync,
} from "ocg:runtime/safe-files";

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

export {
  assertNoWindowsNetworkPath,
  basenameFromMediaSource,
  hasEncodedFileUrlSeparator,
  isWindowsDrivePath,
  isWindowsNetworkPath,
  safeFileURLToPath,
  trySafeFileURLToPath,
} from "ocg:runtime/file-urls";

/** No message of an earlier run waits: the gateway's outbox sends those. (inert) */
export async function drainPendingDeliveries() {}

/** A command as text; no agent asks for one to be approved. (inert) */
export function resolveExecApprovalCommandDisplay(request) {
  return { commandText: String(request?.command ?? ""), commandPreview: undefined };
}

/** The files below a folder, and none outside. @param {string} folder */
export async function root(folder) {
  return {
    rootDir: folder,
    async read(path, { maxBytes } = {}) {
      const found = resolveLocalPathFromRootsSync({
        filePath: join(folder, path),
        roots: [folder],
      });
      if (!found) throw new FsSafeError("outside-workspace", `${path} is not below ${folder}`);
      return readRegularFile({ filePath: found.path, maxBytes });
    },
  };
}
