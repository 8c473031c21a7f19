// node:inspector: importable, but nothing in it works.

import { unavailable } from "node:internal/errors";

const WHY = "there is no inspector for plugins";
export const Session = unavailable("Session", WHY);
export const open = unavailable("open", WHY);
export const close = unavailable("close", WHY);
export const waitForDebugger = unavailable("waitForDebugger", WHY);

export function url() {
  return undefined;
}

export default {
  Session,
  open,
  close,
  waitForDebugger,
  url,
};
