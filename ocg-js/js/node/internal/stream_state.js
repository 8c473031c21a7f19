// What both halves of a stream share: construction and destruction.

import EventEmitter from "node:events";
import { AbortError, nodeError } from "node:internal/errors";
import { nextTick } from "node:internal/next_tick";

/** The base of all streams. Old packages call it as a function. */
export function Stream(options) {
  EventEmitter.call(this, options);
}
Object.setPrototypeOf(Stream.prototype, EventEmitter.prototype);
Object.setPrototypeOf(Stream, EventEmitter);

export function defineAll(prototype, source) {
  for (const key of Reflect.ownKeys(Object.getOwnPropertyDescriptors(source))) {
    const property = Object.getOwnPropertyDescriptor(source, key);
    Object.defineProperty(prototype, key, { ...property, enumerable: false });
  }
}

export function defaultHighWaterMark(objectMode) {
  return objectMode ? 16 : 65536;
}

/** Life cycle of one stream, shared by the halves of a duplex. */
export class Life {
  constructor(options) {
    this.constructed = true;
    this.destroyed = false;
    this.closed = false;
    this.errored = null;
    this.autoDestroy = options?.autoDestroy !== false;
    this.emitClose = options?.emitClose !== false;
    this.errorEmitted = false;
    this.afterConstruct = [];
  }
}

/** Runs `_construct` if there is one; reading and writing wait for it. */
export function construct(stream, options) {
  if (typeof options?.construct === "function") stream._construct = options.construct;
  if (typeof options?.destroy === "function") stream._destroy = options.destroy;
  if (options?.signal) {
    const abort = () => stream.destroy(new AbortError(undefined, { cause: options.signal.reason }));
    if (options.signal.aborted) abort();
    else options.signal.addEventListener("abort", abort, { once: true });
  }
  const life = stream._life;
  if (typeof stream._construct !== "function" || life.construction) return;
  life.construction = true;
  life.constructed = false;
  const done = (error) => {
    life.constructed = true;
    const waiting = life.afterConstruct.splice(0);
    if (error) stream.destroy(error);
    for (const work of waiting) work();
  };
  nextTick(() => {
    try {
      stream._construct(done);
    } catch (error) {
      done(error);
    }
  });
}

/** Runs work at once, or when construction has ended. */
export function whenConstructed(stream, work) {
  if (stream._life.constructed) work();
  else stream._life.afterConstruct.push(work);
}

const lifecycle = {
  destroy(error, callback) {
    const life = this._life;
    if (life.destroyed) {
      callback?.();
      return this;
    }
    life.destroyed = true;
    if (error) life.errored ??= error;
    whenConstructed(this, () => {
      let called = false;
      const done = (failure) => {
        if (called) return;
        called = true;
        if (failure) life.errored ??= failure;
        life.closed = true;
        callback?.(failure);
        nextTick(() => {
          if (failure && !life.errorEmitted) {
            life.errorEmitted = true;
            this.emit("error", failure);
          }
          if (life.emitClose) this.emit("close");
        });
      };
      try {
        this._destroy(error ?? null, done);
      } catch (failure) {
        done(failure);
      }
    });
    return this;
  },
  _destroy(error, callback) {
    callback(error);
  },
  get destroyed() {
    return this._life?.destroyed ?? false;
  },
  set destroyed(value) {
    if (this._life) this._life.destroyed = value;
  },
  get closed() {
    return this._life?.closed ?? false;
  },
  get errored() {
    return this._life?.errored ?? null;
  },
  [EventEmitter.captureRejectionSymbol](error) {
    this.destroy(error);
  },
};
defineAll(Stream.prototype, lifecycle);

export function streamError(code, message) {
  return nodeError(Error, code, message);
}

/** Legacy pipe of the bare Stream class. */
Stream.prototype.pipe = function pipe(destination, options) {
  this.on("data", (chunk) => {
    if (destination.writable !== false && destination.write(chunk) === false) this.pause?.();
  });
  destination.on("drain", () => this.resume?.());
  if (options?.end !== false) this.on("end", () => destination.end());
  destination.emit("pipe", this);
  return destination;
};

/** Packages (ws) look into a stream's state to see whether its error was told. */
export function showLife(State) {
  for (const name of ["errorEmitted", "errored", "closed", "destroyed"])
    Object.defineProperty(State.prototype, name, {
      get() {
        return this.life[name];
      },
      configurable: true,
    });
}
