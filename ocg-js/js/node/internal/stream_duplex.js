// Duplex, Transform and PassThrough.

import { construct, defineAll, streamError } from "node:internal/stream_state";
import "node:internal/stream_convert";
import { Readable } from "node:internal/stream_readable";
import { destroyWritable, Writable, writableMethods } from "node:internal/stream_writable";

export function Duplex(options) {
  if (!(this instanceof Duplex)) return new Duplex(options);
  Object.defineProperty(this, "_isDuplex", { value: true, configurable: true });
  Readable.call(this, options);
  Writable.call(this, options);
  this.allowHalfOpen = options?.allowHalfOpen !== false;
  if (options?.readable === false) {
    this._readableState.readable = false;
    this._readableState.ended = true;
    this._readableState.endEmitted = true;
  }
  if (options?.writable === false) {
    this._writableState.writable = false;
    this._writableState.ending = true;
    this._writableState.finished = true;
  }
  construct(this, options);
  return undefined;
}
Object.setPrototypeOf(Duplex.prototype, Readable.prototype);
Object.setPrototypeOf(Duplex, Readable);
const { pipe: _, ...writing } = Object.getOwnPropertyDescriptors(writableMethods);
defineAll(Duplex.prototype, Object.defineProperties({}, writing));
Object.defineProperty(Duplex.prototype, "destroy", {
  value: destroyWritable,
  writable: true,
  configurable: true,
});

/** A duplex made of an iterable, or of a pair of streams. */
Duplex.from = function from(source) {
  if (source instanceof Duplex) return source;
  if (source?.readable || source?.writable) {
    const { readable, writable } = source;
    const duplex = new Duplex({
      objectMode: true,
      read() {
        readable?.resume();
      },
      write(chunk, encoding, done) {
        writable.write(chunk, encoding, done);
      },
      final(done) {
        writable.end(done);
      },
    });
    readable?.on("data", (chunk) => {
      if (!duplex.push(chunk)) readable.pause();
    });
    readable?.on("end", () => duplex.push(null));
    for (const half of [readable, writable]) half?.on("error", (error) => duplex.destroy(error));
    return duplex;
  }
  const readable = Readable.from(source);
  return Duplex.from({ readable });
};

export function Transform(options) {
  if (!(this instanceof Transform)) return new Transform(options);
  Duplex.call(this, { ...options, construct: options?.construct });
  if (typeof options?.transform === "function") this._transform = options.transform;
  if (typeof options?.flush === "function") this._flush = options.flush;
  this._pending = null;
  return undefined;
}
Object.setPrototypeOf(Transform.prototype, Duplex.prototype);
Object.setPrototypeOf(Transform, Duplex);
defineAll(Transform.prototype, {
  _transform() {
    throw streamError("ERR_METHOD_NOT_IMPLEMENTED", "The _transform() method is not implemented");
  },
  _write(chunk, encoding, callback) {
    const state = this._readableState;
    const before = state.length;
    this._transform(chunk, encoding, (error, result) => {
      if (error) {
        callback(error);
        return;
      }
      if (result !== null && result !== undefined) this.push(result);
      const room = state.ended || before === state.length || state.length < state.highWaterMark;
      // The reader is behind: the next chunk waits until it asks for more.
      if (room) callback();
      else this._pending = callback;
    });
  },
  _read() {
    const callback = this._pending;
    if (!callback) return;
    this._pending = null;
    callback();
  },
  _final(callback) {
    if (typeof this._flush !== "function") {
      this.push(null);
      callback();
      return;
    }
    this._flush((error, result) => {
      if (error) {
        callback(error);
        return;
      }
      if (result !== null && result !== undefined) this.push(result);
      this.push(null);
      callback();
    });
  },
});

export function PassThrough(options) {
  if (!(this instanceof PassThrough)) return new PassThrough(options);
  Transform.call(this, options);
  return undefined;
}
Object.setPrototypeOf(PassThrough.prototype, Transform.prototype);
Object.setPrototypeOf(PassThrough, Transform);
defineAll(PassThrough.prototype, {
  _transform(chunk, encoding, callback) {
    callback(null, chunk);
  },
});
