/** Event, CustomEvent and EventTarget (DOM standard) without a tree. */
import { reportError } from "ocg:native/console";

/** Private parts of events that their target sets. */
const state = new WeakMap();

export class Event {
  #type;
  #init;

  constructor(type, init = {}) {
    if (arguments.length === 0) throw new TypeError("an Event needs a type");
    this.#type = String(type);
    this.#init = init ?? {};
    state.set(this, { target: null, current: null, stopped: false, prevented: false });
    this.timeStamp = performance.now();
  }

  get type() {
    return this.#type;
  }

  get bubbles() {
    return Boolean(this.#init.bubbles);
  }

  get cancelable() {
    return Boolean(this.#init.cancelable);
  }

  get composed() {
    return Boolean(this.#init.composed);
  }

  get target() {
    return state.get(this).target;
  }

  get srcElement() {
    return this.target;
  }

  get currentTarget() {
    return state.get(this).current;
  }

  get eventPhase() {
    return this.currentTarget ? 2 : 0;
  }

  get defaultPrevented() {
    return state.get(this).prevented;
  }

  get isTrusted() {
    return false;
  }

  composedPath() {
    return this.currentTarget ? [this.currentTarget] : [];
  }

  preventDefault() {
    if (this.cancelable) state.get(this).prevented = true;
  }

  stopPropagation() {}

  stopImmediatePropagation() {
    state.get(this).stopped = true;
  }

  get [Symbol.toStringTag]() {
    return "Event";
  }

  static NONE = 0;
  static CAPTURING_PHASE = 1;
  static AT_TARGET = 2;
  static BUBBLING_PHASE = 3;
}

export class CustomEvent extends Event {
  #detail;

  constructor(type, init = {}) {
    super(type, init);
    this.#detail = init?.detail ?? null;
  }

  get detail() {
    return this.#detail;
  }

  get [Symbol.toStringTag]() {
    return "CustomEvent";
  }
}

export class EventTarget {
  #listeners = new Map();

  addEventListener(type, callback, options = {}) {
    if (callback == null) return;
    const {
      once = false,
      signal,
      capture = false,
    } = typeof options === "boolean" ? { capture: options } : (options ?? {});
    if (signal?.aborted) return;
    const list = this.#listeners.get(type) ?? [];
    if (list.some((known) => known.callback === callback && known.capture === capture)) return;
    this.#listeners.set(type, [...list, { callback, once, capture }]);
    signal?.addEventListener("abort", () => this.removeEventListener(type, callback, { capture }), {
      once: true,
    });
  }

  removeEventListener(type, callback, options = {}) {
    const capture = typeof options === "boolean" ? options : Boolean(options?.capture);
    const list = this.#listeners.get(type) ?? [];
    const at = list.findIndex((known) => known.callback === callback && known.capture === capture);
    if (at >= 0) this.#listeners.set(type, list.toSpliced(at, 1));
  }

  /** A listener that throws does not keep the others from being called. */
  dispatchEvent(event) {
    const own = state.get(event);
    if (!own) throw new TypeError("dispatchEvent() takes an Event");
    own.target = this;
    own.current = this;
    own.stopped = false;
    for (const listener of this.#listeners.get(event.type) ?? []) {
      if (listener.once) this.removeEventListener(event.type, listener.callback, listener);
      try {
        const { callback } = listener;
        if (typeof callback === "function") callback.call(this, event);
        else callback.handleEvent(event);
      } catch (error) {
        reportError(`uncaught error in a listener of ${event.type}`, error);
      }
      if (own.stopped) break;
    }
    own.current = null;
    return !own.prevented;
  }

  get [Symbol.toStringTag]() {
    return "EventTarget";
  }
}

/** Gives a class an `on<type>` property that listens like a handler attribute. */
export function handlerProperty(target, type) {
  const handlers = new WeakMap();
  Object.defineProperty(target, `on${type}`, {
    configurable: true,
    enumerable: true,
    get() {
      return handlers.get(this)?.handler ?? null;
    },
    set(handler) {
      let entry = handlers.get(this);
      if (!entry) {
        entry = { handler: null };
        handlers.set(this, entry);
        this.addEventListener(type, (event) => entry.handler?.call(this, event));
      }
      entry.handler = typeof handler === "function" ? handler : null;
    },
  });
}
