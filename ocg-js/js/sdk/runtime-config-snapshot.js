/** The configuration at this moment. */
export { getRuntimeConfig } from "ocg:runtime/config";

/** Forgets a snapshot: reads are always live. */
export function clearRuntimeConfigSnapshot() {}
