// node:worker_threads: each worker is an isolate of its own, with the plugin's permissions and
// limits. A worker ends when it closes `parentPort`, exits, fails, or is terminated; that nothing
// is left to do is not noticed.

import { EventEmitter } from "node:events";
import { nodeError, unavailable } from "node:internal/errors";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as native from "ocg:native/worker";
import { decode, encode } from "ocg:web/clone-text";
import { structuredClone } from "ocg:web/structured-clone";

const [id, data] = native.side ?? [0, undefined];
export const isMainThread = native.side === null;
export const threadId = id;
export const workerData = isMainThread ? null : decode(data);
export const resourceLimits = {};
export const SHARE_ENV = Symbol.for("nodejs.worker_threads.SHARE_ENV");

/** @param {string | URL} script */
function pathOf(script) {
  if (script instanceof URL) return fileURLToPath(script);
  const path = String(script);
  if (path.startsWith("file:")) return fileURLToPath(path);
  return resolve(path);
}

/** Workers that run, by thread id. */
const workers = new Map();

export class Worker extends EventEmitter {
  #ended;
  #end;

  constructor(script, options = {}) {
    super();
    if (options.eval) {
      const why = "workers run files of the plugin, not source text";
      throw nodeError(Error, "ERR_FEATURE_UNAVAILABLE_ON_PLATFORM", why);
    }
    this.threadId = native.start(pathOf(script), encode(options.workerData));
    this.resourceLimits = {};
    this.stdin = null;
    this.#ended = new Promise((done) => {
      this.#end = done;
    });
    workers.set(this.threadId, this);
  }

  postMessage(value) {
    native.post(this.threadId, encode(value));
  }

  /** The exit code, once the thread is gone. */
  terminate() {
    native.terminate(this.threadId);
    return this.#ended;
  }

  ref() {}

  unref() {}

  async [Symbol.asyncDispose]() {
    await this.terminate();
  }

  /** @internal */
  happens(event, what) {
    if (event === "message") this.emit("message", decode(what));
    else if (event === "error") this.emit("error", new Error(what));
    else if (event === "online") this.emit("online");
    else if (event === "exit") {
      workers.delete(this.threadId);
      this.#end(Number(what));
      this.emit("exit", Number(what));
    }
  }
}

native.onEvent((worker, event, what) => workers.get(worker)?.happens(event, what));

/** What both kinds of ports have in common: messages wait until somebody listens. */
class Port extends EventEmitter {
  #waiting = [];
  #started = false;
  #closed = false;
  #onmessage = null;

  get onmessage() {
    return this.#onmessage;
  }

  set onmessage(listener) {
    if (this.#onmessage) this.off("message", this.#onmessage.wrapped);
    this.#onmessage = listener;
    if (typeof listener !== "function") return;
    listener.wrapped = (value) => listener.call(this, { type: "message", data: value });
    this.on("message", listener.wrapped);
  }

  on(event, listener) {
    super.on(event, listener);
    if (event === "message") this.start();
    return this;
  }

  once(event, listener) {
    super.once(event, listener);
    if (event === "message") this.start();
    return this;
  }

  addListener(event, listener) {
    return this.on(event, listener);
  }

  addEventListener(event, listener) {
    this.on(event, (value) => listener({ type: event, data: value }));
  }

  start() {
    this.#started = true;
    for (const value of this.#waiting.splice(0)) {
      queueMicrotask(() => this.emit("message", value));
    }
  }

  /** @internal */
  arrives(value) {
    if (this.#closed) return;
    if (this.#started) this.emit("message", value);
    else this.#waiting.push(value);
  }

  /** @internal */
  takeWaiting() {
    return this.#waiting.length > 0 ? { message: this.#waiting.shift() } : undefined;
  }

  close() {
    if (this.#closed) return;
    this.#closed = true;
    setTimeout(() => {
      this.emit("close");
      this.gone();
    }, 0);
  }

  ref() {}

  unref() {}

  hasRef() {
    return !this.#closed;
  }

  gone() {}
}

class ParentPort extends Port {
  postMessage(value) {
    native.postToParent(encode(value));
  }

  gone() {
    native.finish(Number(process.exitCode ?? 0));
  }
}

export const parentPort = isMainThread ? null : new ParentPort();

if (parentPort) native.onMessage((text) => parentPort.arrives(decode(text)));

/** A port of a channel inside one isolate; it cannot be sent to another. */
export class MessagePort extends Port {
  #other = null;

  postMessage(value) {
    const other = this.#other;
    const copy = structuredClone(value);
    setTimeout(() => other?.arrives(copy), 0);
  }

  gone() {
    const other = this.#other;
    this.#other = null;
    other?.close();
  }

  /** @internal */
  join(other) {
    this.#other = other;
  }
}

export class MessageChannel {
  port1 = new MessagePort();
  port2 = new MessagePort();

  constructor() {
    this.port1.join(this.port2);
    this.port2.join(this.port1);
  }
}

export function receiveMessageOnPort(port) {
  return port.takeWaiting();
}

const WHY = "workers share nothing but messages";
export const BroadcastChannel = unavailable("BroadcastChannel", WHY);
export const moveMessagePortToContext = unavailable("moveMessagePortToContext", WHY);

export function markAsUncloneable() {}

export function markAsUntransferable() {}

export function isMarkedAsUntransferable() {
  return false;
}

const environmentData = new Map();

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
