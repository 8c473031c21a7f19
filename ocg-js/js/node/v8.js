// node:v8: importable, but nothing in it works.

import { unavailable } from "node:internal/errors";

const WHY = "the engine is not V8";
export const serialize = unavailable("serialize", WHY);
export const deserialize = unavailable("deserialize", WHY);
export const writeHeapSnapshot = unavailable("writeHeapSnapshot", WHY);
export const getHeapSnapshot = unavailable("getHeapSnapshot", WHY);
export const takeCoverage = unavailable("takeCoverage", WHY);

export function getHeapStatistics() {
  return { total_heap_size: 0, used_heap_size: 0, heap_size_limit: 0 };
}

export function setFlagsFromString() {}

export default {
  serialize,
  deserialize,
  writeHeapSnapshot,
  getHeapSnapshot,
  takeCoverage,
  getHeapStatistics,
  setFlagsFromString,
};
