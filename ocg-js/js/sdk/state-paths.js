/** Where plugins keep their state. */
export { resolveStateDir } from "ocg:runtime/state-dir";
