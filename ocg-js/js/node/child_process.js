// node:child_process: importable, but nothing in it works.

import { unavailable } from "node:internal/errors";

const WHY = "child processes are not available to plugins";
export const ChildProcess = unavailable("ChildProcess", WHY);
export const exec = unavailable("exec", WHY);
export const execFile = unavailable("execFile", WHY);
export const execFileSync = unavailable("execFileSync", WHY);
export const execSync = unavailable("execSync", WHY);
export const fork = unavailable("fork", WHY);
export const spawn = unavailable("spawn", WHY);
export const spawnSync = unavailable("spawnSync", WHY);

export default {
  ChildProcess,
  exec,
  execFile,
  execFileSync,
  execSync,
  fork,
  spawn,
  spawnSync,
};
