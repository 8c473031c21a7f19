/** Temporary files. */
export { resolvePreferredOpenClawTmpDir } from "openclaw/plugin-sdk/infra-runtime";
