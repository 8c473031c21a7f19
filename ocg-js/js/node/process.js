/** `node:process`: the plugin's view of its process. Nothing here reaches beyond the isolate. */
import { exit as endIsolate, facts, heapUsed, now } from "ocg:native/process";
import { reportError } from "ocg:native/console";
import { log as writeLog } from "ocg:native/console";
import { Emitter } from "ocg:web/emitter";
import { stderr, stdin, stdout } from "ocg:web/standard-streams";

/** The Node release whose behaviour plugins may count on. */
const NODE_VERSION = "24.11.0";

class ProcessExit extends Error {
  name = "ProcessExit";
}

function hrtime(since) {
  const nanoseconds = now();
  let seconds = Math.floor(nanoseconds / 1e9);
  let rest = Math.floor(nanoseconds % 1e9);
  if (since) {
    seconds -= since[0];
    rest -= since[1];
    if (rest < 0) {
      seconds -= 1;
      rest += 1e9;
    }
  }
  return [seconds, rest];
}
hrtime.bigint = () => BigInt(Math.floor(now()));

function memoryUsage() {
  const used = heapUsed();
  return { rss: used, heapTotal: used, heapUsed: used, external: 0, arrayBuffers: 0 };
}
memoryUsage.rss = heapUsed;

/** Values are texts, whatever is assigned. */
const environment = new Proxy(facts.env, {
  set(variables, name, value) {
    variables[name] = String(value);
    return true;
  },
});

class Process extends Emitter {
  title = "node";
  env = environment;
  argv = ["node", ...facts.argv];
  argv0 = "node";
  execArgv = [];
  execPath = "/usr/bin/node";
  exitCode = undefined;
  pid = facts.pid;
  ppid = 1;
  platform = facts.platform;
  arch = facts.arch;
  version = `v${NODE_VERSION}`;
  versions = { node: NODE_VERSION, ocg: facts.ocg };
  release = { name: "node", lts: "Krypton" };
  config = { target_defaults: {}, variables: {} };
  features = { inspector: false, typescript: false, require_module: true };
  stdin = stdin;
  stdout = stdout;
  stderr = stderr;
  hrtime = hrtime;
  memoryUsage = memoryUsage;
  #cwd = facts.cwd;

  cwd = () => this.#cwd;
  chdir = () => {
    throw new Error("process.chdir() is not supported");
  };
  uptime = () => now() / 1e9;
  umask = () => 0o077;
  cpuUsage = () => ({ user: Math.floor(now() / 1e3), system: 0 });
  resourceUsage = () => ({ userCPUTime: Math.floor(now() / 1e3), systemCPUTime: 0 });
  constrainedMemory = () => 0;
  availableMemory = () => 0;
  getuid = () => 1000;
  geteuid = () => 1000;
  getgid = () => 1000;
  getegid = () => 1000;

  nextTick = (callback, ...args) => {
    queueMicrotask(() => callback(...args));
  };

  emitWarning = (warning, type = "Warning") => {
    const name = typeof type === "string" ? type : (type?.type ?? "Warning");
    writeLog("warn", warning instanceof Error ? String(warning) : `${name}: ${warning}`);
  };

  /** Ends the isolate. The error stops the caller, as nothing runs after an exit in Node. */
  exit = (code = this.exitCode ?? 0) => {
    this.exitCode = code;
    try {
      this.emit("exit", code);
    } catch (error) {
      reportError("uncaught error in a listener of process exit", error);
    }
    endIsolate(Number(code) || 0);
    throw new ProcessExit(`process.exit(${code})`);
  };

  abort = () => this.exit(134);
  reallyExit = (code) => this.exit(code);

  kill = (pid, signal) => {
    if (pid === this.pid && signal === 0) return true;
    const error = new Error("kill EPERM: plugins cannot signal processes");
    error.code = "EPERM";
    throw error;
  };

  binding = (name) => {
    throw new Error(`process.binding(${name}) is not supported`);
  };

  get [Symbol.toStringTag]() {
    return "process";
  }
}

const process = new Process();

export default process;
export const {
  arch,
  argv,
  cwd,
  emitWarning,
  env,
  execArgv,
  execPath,
  exit,
  nextTick,
  pid,
  platform,
  release,
  umask,
  uptime,
  version,
  versions,
} = process;
export { hrtime, memoryUsage, stderr, stdin, stdout };
export const on = process.on.bind(process);
export const once = process.once.bind(process);
export const off = process.off.bind(process);
export const emit = process.emit.bind(process);
