// node:cluster: importable, but nothing in it works.

import { unavailable } from "node:internal/errors";

const WHY = "child processes are not available to plugins";
export const fork = unavailable("fork", WHY);
export const setupPrimary = unavailable("setupPrimary", WHY);
export const disconnect = unavailable("disconnect", WHY);
export const isMaster = true;
export const isPrimary = true;
export const isWorker = false;
export const workers = {};

export default {
  fork,
  setupPrimary,
  disconnect,
  isMaster,
  isPrimary,
  isWorker,
  workers,
};
