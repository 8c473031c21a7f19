// node:fs

import promises from "node:fs/promises";
import { constants } from "node:internal/fs_arguments";
import { Dirent, Stats } from "node:internal/fs_stats";
import * as callbacks from "node:internal/fs_callback";
import * as blocking from "node:internal/fs_sync";
import * as streams from "node:internal/fs_streams";
import { unavailable } from "node:internal/errors";

const WHY = "watching files is not provided to plugins";
export const watch = unavailable("watch", WHY);
export const watchFile = unavailable("watchFile", WHY);
export const unwatchFile = unavailable("unwatchFile", WHY);
export const { F_OK, R_OK, W_OK, X_OK } = constants;

export * from "node:internal/fs_callback";
export * from "node:internal/fs_streams";
export * from "node:internal/fs_sync";
export { constants, Dirent, promises, Stats };

export default {
  ...callbacks,
  ...blocking,
  ...streams,
  watch,
  watchFile,
  unwatchFile,
  F_OK,
  R_OK,
  W_OK,
  X_OK,
  constants,
  Dirent,
  promises,
  Stats,
};
