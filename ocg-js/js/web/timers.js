/** setTimeout and its family. Rust keeps the time; this keeps the callbacks. */
import { capture, within } from "ocg:web/async-context";
import { immediate, onFire, schedule } from "ocg:native/timers";

/** Timers that have not fired and were not cleared, by number. */
const active = new Map();
let lastId = 0;

function nextId() {
  do {
    lastId = lastId >= 0x7fffffff ? 1 : lastId + 1;
  } while (active.has(lastId));
  return lastId;
}

function checked(callback) {
  if (typeof callback !== "function") {
    const error = new TypeError('The "callback" argument must be of type function.');
    error.code = "ERR_INVALID_ARG_TYPE";
    throw error;
  }
  return callback;
}

/** What setTimeout and setInterval return. */
export class Timeout {
  #id = nextId();
  #callback;
  #args;
  #delay;
  #repeat;
  #referenced = true;
  #context = capture();

  constructor(callback, delay, args, repeat) {
    this.#callback = checked(callback);
    this.#args = args;
    this.#delay = Number(delay);
    this.#repeat = repeat;
    this.#start();
  }

  #start() {
    active.set(this.#id, this);
    schedule(this.#id, this.#delay);
  }

  /** Called by Rust when the time has come. */
  fire() {
    const id = this.#id;
    active.delete(id);
    try {
      within(this.#context, this.#callback, this, this.#args);
    } finally {
      if (this.#repeat && this.#id === id) this.#start();
    }
  }

  clear() {
    active.delete(this.#id);
    // The number may still come from Rust: it must not mean anything any more.
    this.#id = 0;
  }

  close() {
    this.clear();
    return this;
  }

  refresh() {
    active.delete(this.#id);
    this.#id = nextId();
    this.#start();
    return this;
  }

  /** The host decides how long an isolate lives: references only report themselves. */
  ref() {
    this.#referenced = true;
    return this;
  }

  unref() {
    this.#referenced = false;
    return this;
  }

  hasRef() {
    return this.#referenced;
  }

  [Symbol.toPrimitive]() {
    return this.#id;
  }

  [Symbol.dispose]() {
    this.clear();
  }
}

/** What setImmediate returns. */
export class Immediate {
  #id = nextId();
  #callback;
  #args;
  #referenced = true;
  #context = capture();

  constructor(callback, args) {
    this.#callback = checked(callback);
    this.#args = args;
    active.set(this.#id, this);
    immediate(this.#id);
  }

  fire() {
    active.delete(this.#id);
    within(this.#context, this.#callback, this, this.#args);
  }

  clear() {
    active.delete(this.#id);
  }

  ref() {
    this.#referenced = true;
    return this;
  }

  unref() {
    this.#referenced = false;
    return this;
  }

  hasRef() {
    return this.#referenced;
  }

  [Symbol.dispose]() {
    this.clear();
  }
}

export function setTimeout(callback, delay, ...args) {
  return new Timeout(callback, delay, args, false);
}

export function setInterval(callback, delay, ...args) {
  return new Timeout(callback, delay, args, true);
}

export function setImmediate(callback, ...args) {
  return new Immediate(callback, args);
}

/** Takes the object, its number, or the number as text. */
export function clearTimeout(timer) {
  if (timer instanceof Timeout || timer instanceof Immediate) timer.clear();
  else if (timer != null) active.get(Number(timer))?.clear();
}

export const clearInterval = clearTimeout;
export const clearImmediate = clearTimeout;

/** Whether a timer is left that somebody waits for. */
export function hasReferencedTimers() {
  return [...active.values()].some((timer) => timer.hasRef());
}

onFire((id) => active.get(id)?.fire());

export const globals = {
  setTimeout,
  setInterval,
  setImmediate,
  clearTimeout,
  clearInterval,
  clearImmediate,
};
