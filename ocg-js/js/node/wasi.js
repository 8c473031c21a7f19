// node:wasi: importable, but nothing in it works.

import { unavailable } from "node:internal/errors";

const WHY = "WebAssembly is not available to plugins";
export const WASI = unavailable("WASI", WHY);

export default {
  WASI,
};
