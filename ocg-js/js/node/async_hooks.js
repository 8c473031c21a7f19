// node:async_hooks: AsyncLocalStorage and AsyncResource over `ocg:web/async-context`.
import { capture, carry, enter, within } from "ocg:web/async-context";

carry();

export class AsyncLocalStorage {
  #defaultValue;
  name;

  constructor(options = {}) {
    this.#defaultValue = options.defaultValue;
    this.name = options.name ?? "";
  }

  static bind(callback) {
    const captured = capture();
    return function (...args) {
      return within(captured, callback, this, args);
    };
  }

  static snapshot() {
    const captured = capture();
    return (callback, ...args) => within(captured, callback, undefined, args);
  }

  getStore() {
    const context = capture();
    return context.has(this) ? context.get(this) : this.#defaultValue;
  }

  run(store, callback, ...args) {
    return within(new Map(capture()).set(this, store), callback, undefined, args);
  }

  exit(callback, ...args) {
    return this.run(undefined, callback, ...args);
  }

  enterWith(store) {
    enter(new Map(capture()).set(this, store));
  }

  disable() {
    capture().delete(this);
  }
}

let lastId = 1;

export class AsyncResource {
  #context = capture();
  #id = ++lastId;

  constructor(type) {
    this.type = type;
  }

  static bind(callback, type, self) {
    return new AsyncResource(type ?? "bound").bind(callback, self);
  }

  bind(callback, self) {
    const resource = this;
    return function (...args) {
      return resource.runInAsyncScope(callback, self ?? this, ...args);
    };
  }

  runInAsyncScope(callback, self, ...args) {
    return within(this.#context, callback, self, args);
  }

  emitDestroy() {
    return this;
  }

  asyncId() {
    return this.#id;
  }

  triggerAsyncId() {
    return 1;
  }
}

export function createHook() {
  const hook = { enable: () => hook, disable: () => hook };
  return hook;
}

export function executionAsyncId() {
  return 1;
}

export function triggerAsyncId() {
  return 1;
}

export function executionAsyncResource() {
  return {};
}

export const asyncWrapProviders = Object.freeze({});

export default {
  AsyncLocalStorage,
  AsyncResource,
  createHook,
  executionAsyncId,
  triggerAsyncId,
  executionAsyncResource,
  asyncWrapProviders,
};
