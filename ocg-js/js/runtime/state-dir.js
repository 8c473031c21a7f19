/** Where plugins keep their state. */
import { homedir } from "node:os";
import { join } from "node:path";

/** @returns {string} */
export function resolveStateDir() {
  return process.env.OPENCLAW_STATE_DIR || join(homedir(), ".openclaw");
}
