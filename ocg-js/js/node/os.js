// node:os. Temporary and home directories are the plugin's view, the rest is the machine's.

import * as native from "ocg:native/os";
import { errnoTable } from "ocg:native/inspect";

export const EOL = "\n";
export const devNull = "/dev/null";

export function homedir() {
  return globalThis.process?.env?.HOME ?? globalThis.process?.cwd?.() ?? "/";
}

export function tmpdir() {
  return native.tmpdir();
}

export function hostname() {
  return native.hostname();
}

export function platform() {
  return native.platform();
}

export function arch() {
  return native.arch();
}

export function type() {
  return native.uname()[0];
}

export function release() {
  return native.uname()[2];
}

export function version() {
  return native.uname()[3];
}

export function machine() {
  return native.uname()[4];
}

export function endianness() {
  return native.endianness();
}

export function cpus() {
  const times = { user: 0, nice: 0, sys: 0, idle: 0, irq: 0 };
  return Array.from({ length: native.cpuCount() }, () => ({
    model: "unknown",
    speed: 0,
    times: { ...times },
  }));
}

export function availableParallelism() {
  return native.cpuCount();
}

export function totalmem() {
  return native.memory()[0];
}

export function freemem() {
  return native.memory()[1];
}

export function uptime() {
  return native.uptime();
}

export function loadavg() {
  return [0, 0, 0];
}

/** Interfaces are not shown to plugins. */
export function networkInterfaces() {
  return {};
}

export function userInfo() {
  const [uid, gid] = native.userId();
  const username = globalThis.process?.env?.USER ?? "ocg";
  return { uid, gid, username, homedir: homedir(), shell: null };
}

export function getPriority() {
  return 0;
}

export function setPriority() {}

const errno = Object.fromEntries(
  Object.entries(errnoTable).map(([name, [number]]) => [name, number]),
);
const signals = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGABRT: 6,
  SIGKILL: 9,
  SIGUSR1: 10,
  SIGUSR2: 12,
  SIGPIPE: 13,
  SIGALRM: 14,
  SIGTERM: 15,
};
export const constants = Object.freeze({
  UV_UDP_REUSEADDR: 4,
  errno: Object.freeze(errno),
  signals: Object.freeze(signals),
  priority: Object.freeze({
    PRIORITY_LOW: 19,
    PRIORITY_BELOW_NORMAL: 10,
    PRIORITY_NORMAL: 0,
    PRIORITY_ABOVE_NORMAL: -7,
    PRIORITY_HIGH: -14,
    PRIORITY_HIGHEST: -20,
  }),
});

export default {
  EOL,
  devNull,
  homedir,
  tmpdir,
  hostname,
  platform,
  arch,
  type,
  release,
  version,
  machine,
  endianness,
  cpus,
  availableParallelism,
  totalmem,
  freemem,
  uptime,
  loadavg,
  networkInterfaces,
  userInfo,
  getPriority,
  setPriority,
  constants,
};
