// node:events

import {
  AbortError,
  invalidArgType,
  nodeError,
  outOfRange,
  validateFunction,
} from "node:internal/errors";
import { nextTick } from "node:internal/next_tick";

let defaultLimit = 10;
export const errorMonitor = Symbol("events.errorMonitor");
export const captureRejectionSymbol = Symbol.for("nodejs.rejection");
export const captureRejections = false;
const CAPTURE = Symbol("kCapture");

/** Old packages call it as a function, so it is not a class. */
export function EventEmitter(options) {
  EventEmitter.init.call(this, options);
}

EventEmitter.init = function init(options) {
  if (this._events === undefined || this._events === Object.getPrototypeOf(this)._events) {
    this._events = Object.create(null);
    this._eventsCount = 0;
  }
  this._maxListeners ||= undefined;
  if (options?.captureRejections) this[CAPTURE] = true;
};

EventEmitter.prototype._events = undefined;
EventEmitter.prototype._eventsCount = 0;
EventEmitter.prototype._maxListeners = undefined;

function eventsOf(emitter) {
  if (emitter._events === undefined) {
    emitter._events = Object.create(null);
    emitter._eventsCount = 0;
  }
  return emitter._events;
}

function add(emitter, type, listener, first) {
  validateFunction(listener, "listener");
  const events = eventsOf(emitter);
  if (events.newListener !== undefined)
    emitter.emit("newListener", type, listener.listener ?? listener);
  const existing = events[type];
  if (existing === undefined) {
    events[type] = listener;
    emitter._eventsCount++;
  } else if (typeof existing === "function") {
    events[type] = first ? [listener, existing] : [existing, listener];
  } else if (first) existing.unshift(listener);
  else existing.push(listener);
  warnOfLeak(emitter, type, events[type]);
  return emitter;
}

function warnOfLeak(emitter, type, list) {
  const limit = emitter.getMaxListeners?.() ?? defaultLimit;
  if (!(limit > 0) || typeof list === "function" || list.length <= limit || list.warned) return;
  list.warned = true;
  const warning = new Error(
    `Possible EventEmitter memory leak detected. ${list.length} ${String(type)} listeners added to ` +
      `${emitter.constructor?.name ?? "EventEmitter"}. MaxListeners is ${limit}. ` +
      "Use emitter.setMaxListeners() to increase limit",
  );
  warning.name = "MaxListenersExceededWarning";
  globalThis.process?.emitWarning?.(warning);
}

function onceWrapper(emitter, type, listener) {
  validateFunction(listener, "listener");
  let fired = false;
  const wrapped = function (...args) {
    if (fired) return undefined;
    emitter.removeListener(type, wrapped);
    fired = true;
    return Reflect.apply(listener, emitter, args);
  };
  wrapped.listener = listener;
  return wrapped;
}

function rejected(emitter, promise, type, args) {
  promise.then(undefined, (error) => {
    nextTick(() => {
      if (typeof emitter[captureRejectionSymbol] === "function")
        emitter[captureRejectionSymbol](error, type, ...args);
      else emitter.emit("error", error);
    });
  });
}

const methods = {
  emit(type, ...args) {
    const events = eventsOf(this);
    if (type === "error") {
      if (events[errorMonitor] !== undefined) this.emit(errorMonitor, ...args);
      if (events.error === undefined) throw unhandled(args[0]);
    }
    const listeners = events[type];
    if (listeners === undefined) return false;
    const list = typeof listeners === "function" ? [listeners] : [...listeners];
    for (const listener of list) {
      const result = Reflect.apply(listener, this, args);
      if (this[CAPTURE] && typeof result?.then === "function") rejected(this, result, type, args);
    }
    return true;
  },
  addListener(type, listener) {
    return add(this, type, listener, false);
  },
  on(type, listener) {
    return add(this, type, listener, false);
  },
  prependListener(type, listener) {
    return add(this, type, listener, true);
  },
  once(type, listener) {
    return this.on(type, onceWrapper(this, type, listener));
  },
  prependOnceListener(type, listener) {
    return this.prependListener(type, onceWrapper(this, type, listener));
  },
  removeListener(type, listener) {
    validateFunction(listener, "listener");
    const events = eventsOf(this);
    const existing = events[type];
    if (existing === undefined) return this;
    const list = typeof existing === "function" ? [existing] : existing;
    const at = list.findLastIndex((item) => item === listener || item.listener === listener);
    if (at < 0) return this;
    if (list.length === 1) {
      delete events[type];
      this._eventsCount--;
    } else if (list.length === 2) events[type] = list[1 - at];
    else events[type].splice(at, 1);
    if (events.removeListener !== undefined) this.emit("removeListener", type, listener);
    return this;
  },
  off(type, listener) {
    return this.removeListener(type, listener);
  },
  removeAllListeners(type) {
    const events = eventsOf(this);
    if (arguments.length === 0) {
      if (events.removeListener !== undefined) {
        for (const name of Reflect.ownKeys(events))
          if (name !== "removeListener") this.removeAllListeners(name);
      }
      this._events = Object.create(null);
      this._eventsCount = 0;
      return this;
    }
    if (events.removeListener !== undefined) {
      for (const listener of this.rawListeners(type).toReversed())
        this.removeListener(type, listener);
    } else if (events[type] !== undefined) {
      delete events[type];
      this._eventsCount--;
    }
    return this;
  },
  setMaxListeners(count) {
    if (typeof count !== "number" || !(count >= 0))
      throw outOfRange("setMaxListeners", ">= 0", count);
    this._maxListeners = count;
    return this;
  },
  getMaxListeners() {
    return this._maxListeners ?? defaultLimit;
  },
  listeners(type) {
    return this.rawListeners(type).map((listener) => listener.listener ?? listener);
  },
  rawListeners(type) {
    const listeners = eventsOf(this)[type];
    if (listeners === undefined) return [];
    return typeof listeners === "function" ? [listeners] : [...listeners];
  },
  listenerCount(type, listener) {
    const all = this.rawListeners(type);
    if (listener === undefined) return all.length;
    return all.filter((item) => item === listener || item.listener === listener).length;
  },
  eventNames() {
    return Reflect.ownKeys(eventsOf(this));
  },
};
for (const [name, value] of Object.entries(methods)) {
  Object.defineProperty(EventEmitter.prototype, name, {
    value,
    writable: true,
    configurable: true,
    enumerable: true,
  });
}

function unhandled(error) {
  if (error instanceof Error) return error;
  const shown = typeof error === "string" ? `'${error}'` : String(error);
  const wrapped = nodeError(Error, "ERR_UNHANDLED_ERROR", `Unhandled error. (${shown})`);
  wrapped.context = error;
  return wrapped;
}

Object.defineProperty(EventEmitter, "defaultMaxListeners", {
  get: () => defaultLimit,
  set(count) {
    if (typeof count !== "number" || !(count >= 0)) {
      throw outOfRange("defaultMaxListeners", "a non-negative number", count);
    }
    defaultLimit = count;
  },
  enumerable: true,
});
export const defaultMaxListeners = 10;

function listen(target, type, listener, options) {
  if (typeof target.on === "function") {
    if (options?.once) target.once(type, listener);
    else target.on(type, listener);
  } else if (typeof target.addEventListener === "function")
    target.addEventListener(type, listener, options);
  else throw invalidArgType("emitter", "an instance of EventEmitter", target);
}

function unlisten(target, type, listener) {
  if (typeof target.removeListener === "function") target.removeListener(type, listener);
  else target.removeEventListener(type, listener);
}

/** A promise for the arguments of the next event of a type. */
export function once(emitter, type, options = {}) {
  const { signal } = options;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(new AbortError(undefined, { cause: signal.reason }));
      return;
    }
    const done = () => {
      unlisten(emitter, type, succeed);
      if (typeof emitter.removeListener === "function") emitter.removeListener("error", fail);
      signal?.removeEventListener("abort", abort);
    };
    const succeed = (...args) => {
      done();
      resolve(args);
    };
    const fail = (error) => {
      done();
      reject(error);
    };
    const abort = () => fail(new AbortError(undefined, { cause: signal.reason }));
    listen(emitter, type, succeed, { once: true });
    if (type !== "error" && typeof emitter.once === "function") emitter.once("error", fail);
    signal?.addEventListener("abort", abort, { once: true });
  });
}

/** An async iterator over the events of a type. */
export function on(emitter, type, options = {}) {
  const { signal } = options;
  if (signal?.aborted) throw new AbortError(undefined, { cause: signal.reason });
  const ready = [];
  const waiting = [];
  let failure;
  let finished = false;
  const push = (...args) => {
    if (waiting.length > 0) waiting.shift().resolve({ value: args, done: false });
    else ready.push(args);
  };
  const fail = (error) => {
    if (waiting.length > 0) waiting.shift().reject(error);
    else failure = error;
    stop();
  };
  const abort = () => fail(new AbortError(undefined, { cause: signal.reason }));
  const stop = () => {
    finished = true;
    unlisten(emitter, type, push);
    if (type !== "error") unlisten(emitter, "error", fail);
    for (const name of options.close ?? []) unlisten(emitter, name, stop);
    signal?.removeEventListener("abort", abort);
    for (const { resolve } of waiting.splice(0)) resolve({ value: undefined, done: true });
    return Promise.resolve({ value: undefined, done: true });
  };
  listen(emitter, type, push);
  if (type !== "error" && typeof emitter.on === "function") emitter.on("error", fail);
  for (const name of options.close ?? []) listen(emitter, name, stop);
  signal?.addEventListener("abort", abort, { once: true });
  return {
    next() {
      if (ready.length > 0) return Promise.resolve({ value: ready.shift(), done: false });
      if (failure) {
        const error = failure;
        failure = undefined;
        return Promise.reject(error);
      }
      if (finished) return Promise.resolve({ value: undefined, done: true });
      return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
    },
    return: stop,
    throw(error) {
      fail(error);
      return Promise.resolve({ value: undefined, done: true });
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

export function getEventListeners(target, type) {
  return typeof target.listeners === "function" ? target.listeners(type) : [];
}

const targetLimits = new WeakMap();

export function setMaxListeners(count = defaultLimit, ...targets) {
  if (targets.length === 0) defaultLimit = count;
  for (const target of targets) {
    if (typeof target.setMaxListeners === "function") target.setMaxListeners(count);
    else targetLimits.set(target, count);
  }
}

export function getMaxListeners(target) {
  if (typeof target.getMaxListeners === "function") return target.getMaxListeners();
  return targetLimits.get(target) ?? defaultLimit;
}

export function listenerCount(emitter, type) {
  return typeof emitter.listenerCount === "function" ? emitter.listenerCount(type) : 0;
}

/** Listens to an AbortSignal; the result ends that. */
export function addAbortListener(signal, listener) {
  validateFunction(listener, "listener");
  if (signal.aborted) queueMicrotask(() => listener());
  else signal.addEventListener("abort", listener, { once: true });
  const remove = () => signal.removeEventListener("abort", listener);
  return { [Symbol.dispose ?? Symbol.for("Symbol.dispose")]: remove };
}

export class EventEmitterAsyncResource extends EventEmitter {}

Object.assign(EventEmitter, {
  EventEmitter,
  errorMonitor,
  captureRejectionSymbol,
  captureRejections,
  once,
  on,
  getEventListeners,
  setMaxListeners,
  getMaxListeners,
  listenerCount,
  addAbortListener,
  EventEmitterAsyncResource,
  usingDomains: false,
});

export default EventEmitter;
