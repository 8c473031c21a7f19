/** AbortController and AbortSignal (DOM standard). */
import { DOMException } from "ocg:web/dom-exception";
import { Event, EventTarget, handlerProperty } from "ocg:web/events";
import { setTimeout } from "ocg:web/timers";

const create = Symbol("create");
const abort = Symbol("abort");

export class AbortSignal extends EventTarget {
  #aborted = false;
  #reason = undefined;
  /** Signals made by `any` from this one: they must be aborted before listeners run. */
  #dependents = new Set();

  constructor(token) {
    if (token !== create) throw new TypeError("Illegal constructor");
    super();
  }

  get aborted() {
    return this.#aborted;
  }

  get reason() {
    return this.#reason;
  }

  throwIfAborted() {
    if (this.#aborted) throw this.#reason;
  }

  [abort](reason = new DOMException("This operation was aborted", "AbortError")) {
    if (this.#aborted) return;
    this.#aborted = true;
    this.#reason = reason;
    const dependents = [...this.#dependents];
    this.#dependents.clear();
    this.dispatchEvent(new Event("abort"));
    for (const dependent of dependents) dependent[abort](reason);
  }

  static abort(reason) {
    const signal = new AbortSignal(create);
    signal[abort](reason);
    return signal;
  }

  static timeout(delay) {
    const signal = new AbortSignal(create);
    const message = "The operation was aborted due to timeout";
    setTimeout(() => signal[abort](new DOMException(message, "TimeoutError")), delay);
    return signal;
  }

  static any(signals) {
    const sources = [...signals];
    const signal = new AbortSignal(create);
    const aborted = sources.find((source) => source.aborted);
    if (aborted) signal[abort](aborted.reason);
    else for (const source of sources) source.#dependents.add(signal);
    return signal;
  }

  get [Symbol.toStringTag]() {
    return "AbortSignal";
  }
}

handlerProperty(AbortSignal.prototype, "abort");

export class AbortController {
  #signal = new AbortSignal(create);

  get signal() {
    return this.#signal;
  }

  abort(reason) {
    this.#signal[abort](reason);
  }

  get [Symbol.toStringTag]() {
    return "AbortController";
  }
}
