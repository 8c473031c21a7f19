// node:repl: importable, but nothing in it works.

import { unavailable } from "node:internal/errors";

const WHY = "there is no console for plugins";
export const start = unavailable("start", WHY);
export const REPLServer = unavailable("REPLServer", WHY);

export default {
  start,
  REPLServer,
};
