// node:worker_threads: further isolates of the same plugin, on threads of their own. They have what
// the plugin has (files, hosts, environment), no more memory than it, and end with it.

import EventEmitter from "node:events";
import { isAbsolute } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import process from "node:process";
import { unavailable } from "node:internal/errors";
import {
  MessageChannel,
  MessagePort,
  pack,
  receiveMessageOnPort,
  unpack,
} from "node:internal/message_port";
import { seat, start } from "ocg:native/workers";

export { MessageChannel, MessagePort, receiveMessageOnPort };

const WHY = "isolates share nothing";
export const BroadcastChannel = unavailable("BroadcastChannel", WHY);
export const moveMessagePortToContext = unavailable("moveMessagePortToContext", WHY);
export const SHARE_ENV = Symbol.for("nodejs.worker_threads.SHARE_ENV");

const given = seat ? unpack(seat.data) : {};
const environmentData = new Map(given.environmentData);

export const isMainThread = seat === null;
export const threadId = seat?.id ?? 0;
export const parentPort = seat ? new MessagePort(seat.port) : null;
export const workerData = seat ? given.workerData : null;
export const resourceLimits = given.resourceLimits ?? {};

const failure = (Type, code, message) => Object.assign(new Type(message), { code });

/** The module that a worker runs, as a URL. */
function entryOf(file) {
  if (file instanceof URL || String(file).startsWith("file:")) {
    const url = new URL(file);
    if (url.protocol !== "file:") {
      throw failure(TypeError, "ERR_INVALID_URL_SCHEME", "The URL must be of scheme file");
    }
    fileURLToPath(url);
    return url.href;
  }
  if (typeof file !== "string") {
    throw failure(
      TypeError,
      "ERR_INVALID_ARG_TYPE",
      'The "filename" argument must be of type string or an instance of URL.',
    );
  }
  if (!isAbsolute(file) && !/^\.\.?[\\/]/.test(file)) {
    throw failure(
      TypeError,
      "ERR_WORKER_PATH",
      `The worker script or module filename must be an absolute path or a relative path starting with './' or '../'. Received "${file}"`,
    );
  }
  return pathToFileURL(file).href;
}

/** Environments hold strings. */
const strings = (env) =>
  Object.fromEntries(Object.entries(env).map(([name, value]) => [name, String(value)]));

const MEBI = 1024 * 1024;

function memoryOf({ maxOldGenerationSizeMb, maxYoungGenerationSizeMb } = {}) {
  if (maxOldGenerationSizeMb === undefined) return undefined;
  return Math.max(1, Math.round((maxOldGenerationSizeMb + (maxYoungGenerationSizeMb ?? 0)) * MEBI));
}

export class Worker extends EventEmitter {
  #native;
  #port;
  #exited;

  /**
   * @param {string | URL} file
   * @param {Record<string, any>} [options]
   */
  constructor(file, options = {}) {
    super();
    if (options.eval) {
      throw failure(Error, "ERR_WORKER_UNSUPPORTED_OPERATION", "workers run files, not text");
    }
    const limits = { ...options.resourceLimits };
    const data = {
      workerData: options.workerData,
      environmentData: [...environmentData],
      resourceLimits: limits,
    };
    const env = options.env === undefined || options.env === SHARE_ENV ? process.env : options.env;
    this.#native = start({
      entry: entryOf(file),
      ...pack(data, options.transferList),
      env: strings(env ?? {}),
      argv: [String(file), ...(options.argv ?? []).map(String)],
      memory: memoryOf(limits),
      stack: limits.stackSizeMb === undefined ? undefined : Math.round(limits.stackSizeMb * MEBI),
    });
    this.threadId = this.#native.id;
    this.resourceLimits = limits;
    this.#port = new MessagePort(this.#native.port);
    this.#port.on("message", (value) => this.emit("message", value));
    this.#port.on("messageerror", (error) => this.emit("messageerror", error));
    const drained = new Promise((resolve) => this.#port.once("close", resolve));
    this.#exited = this.#end(drained);
    setImmediate(() => this.emit("online"));
  }

  async #end(drained) {
    const { code, message, stack, errorCode } = await this.#native.ended;
    // What the worker said last comes before its end.
    await drained;
    this.threadId = -1;
    if (message !== undefined) this.#fail(message, stack, errorCode);
    setImmediate(() => this.emit("exit", code));
    return code;
  }

  #fail(message, stack, code) {
    const [, name, text] = /^(\w*Error): ([\s\S]*)$/.exec(message) ?? [null, "Error", message];
    const Type = { EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError }[name];
    const error = new (Type ?? Error)(text);
    error.stack = `${message}\n${stack}`;
    if (code) error.code = code;
    // Without a listener this is an uncaught error of the isolate, as it should be.
    queueMicrotask(() => this.emit("error", error));
  }

  postMessage(value, transfer) {
    this.#port.postMessage(value, transfer);
  }

  /** Stops the worker wherever it is. Resolves with its exit code. */
  async terminate() {
    this.#native.terminate();
    return this.#exited;
  }

  async [Symbol.asyncDispose]() {
    await this.terminate();
  }

  /** The host decides how long an isolate lives. */
  ref() {}

  unref() {}
}

export function markAsUncloneable() {}

export function markAsUntransferable() {}

export const isMarkedAsUntransferable = () => false;

export function getEnvironmentData(key) {
  return environmentData.get(key);
}

export function setEnvironmentData(key, value) {
  if (value === undefined) environmentData.delete(key);
  else environmentData.set(key, value);
}

export default {
  Worker,
  MessageChannel,
  MessagePort,
  BroadcastChannel,
  moveMessagePortToContext,
  receiveMessageOnPort,
  isMainThread,
  parentPort,
  workerData,
  threadId,
  resourceLimits,
  SHARE_ENV,
  markAsUncloneable,
  markAsUntransferable,
  isMarkedAsUntransferable,
  getEnvironmentData,
  setEnvironmentData,
};
