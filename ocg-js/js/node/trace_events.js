// node:trace_events: importable, but nothing in it works.

import { unavailable } from "node:internal/errors";

const WHY = "tracing is not available to plugins";
export const createTracing = unavailable("createTracing", WHY);
export const getEnabledCategories = unavailable("getEnabledCategories", WHY);

export default {
  createTracing,
  getEnabledCategories,
};
