// node:async_hooks: AsyncLocalStorage and AsyncResource.
//
// The context is an immutable Map in one variable. run, enterWith, exit and bind work
// synchronously; carrying it across `await`, timers and promise callbacks arrives with the
// loader's rewriting of `await`, which captures and restores it through `capture` and `resume`.

let context = new Map();

/** The context in force now. */
export function capture() {
  return context;
}

/** Puts a captured context in force and passes a value on. */
export function resume(captured, value) {
  context = captured;
  return value;
}

function within(other, callback, args) {
  const before = context;
  context = other;
  try {
    return Reflect.apply(callback, undefined, args);
  } finally {
    context = before;
  }
}

export class AsyncLocalStorage {
  #defaultValue;
  name;

  constructor(options = {}) {
    this.#defaultValue = options.defaultValue;
    this.name = options.name ?? "";
  }

  static bind(callback) {
    const captured = context;
    return function (...args) {
      return within(captured, () => Reflect.apply(callback, this, args), []);
    };
  }

  static snapshot() {
    const captured = context;
    return (callback, ...args) => within(captured, callback, args);
  }

  getStore() {
    return context.has(this) ? context.get(this) : this.#defaultValue;
  }

  run(store, callback, ...args) {
    return within(new Map(context).set(this, store), callback, args);
  }

  exit(callback, ...args) {
    return this.run(undefined, callback, ...args);
  }

  enterWith(store) {
    context = new Map(context).set(this, store);
  }

  disable() {
    const next = new Map(context);
    next.delete(this);
    context = next;
  }
}

let lastId = 1;

export class AsyncResource {
  #context = context;
  #id = ++lastId;

  constructor(type) {
    this.type = type;
  }

  static bind(callback, type) {
    return new AsyncResource(type ?? "bound").bind(callback);
  }

  bind(callback) {
    return this.runInAsyncScope.bind(this, callback);
  }

  runInAsyncScope(callback, self, ...args) {
    return within(this.#context, () => Reflect.apply(callback, self, args), []);
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
  capture,
  resume,
};
