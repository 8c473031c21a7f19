// Writable streams.

import { Buffer } from "node:buffer";
import { encodingNumber } from "node:internal/encoding";
import { invalidArgType, nodeError } from "node:internal/errors";
import { nextTick } from "node:internal/next_tick";
import {
  construct,
  defaultHighWaterMark,
  defineAll,
  Life,
  showLife,
  Stream,
  streamError,
  whenConstructed,
} from "node:internal/stream_state";

class WritableState {
  constructor(options, duplex) {
    this.objectMode = Boolean(options?.objectMode || (duplex && options?.writableObjectMode));
    this.highWaterMark =
      options?.highWaterMark ??
      (duplex ? options?.writableHighWaterMark : undefined) ??
      defaultHighWaterMark(this.objectMode);
    this.decodeStrings = options?.decodeStrings !== false;
    this.defaultEncoding = options?.defaultEncoding ?? "utf8";
    this.buffered = [];
    this.length = 0;
    this.writing = false;
    this.corked = 0;
    this.needDrain = false;
    this.ending = false;
    this.ended = false;
    this.finished = false;
    this.finalCalled = false;
    this.onFinish = [];
  }
}
showLife(WritableState);

export function Writable(options) {
  if (!(this instanceof Writable) && !this?._isDuplex) return new Writable(options);
  this._life ??= new Life(options);
  this._writableState = new WritableState(options, this._isDuplex === true);
  this._writableState.life = this._life;
  for (const name of ["write", "writev", "final"]) {
    if (typeof options?.[name] === "function") this[`_${name}`] = options[name];
  }
  Stream.call(this, options);
  if (!this._isDuplex) construct(this, options);
  return undefined;
}
Object.setPrototypeOf(Writable.prototype, Stream.prototype);
Object.setPrototypeOf(Writable, Stream);
Object.defineProperty(Writable, Symbol.hasInstance, {
  value(value) {
    if (Function.prototype[Symbol.hasInstance].call(this, value)) return true;
    return this === Writable && value?._writableState instanceof WritableState;
  },
});

function fail(stream, error, callback) {
  nextTick(() => callback?.(error));
  if (stream._life.autoDestroy) stream.destroy(error);
  else stream.emit("error", error);
}

function next(stream) {
  const state = stream._writableState;
  if (state.writing || state.corked > 0 || stream._life.destroyed || !stream._life.constructed)
    return;
  if (state.buffered.length === 0) {
    maybeFinish(stream);
    return;
  }
  const several = typeof stream._writev === "function" && state.buffered.length > 1;
  const entries = several ? state.buffered.splice(0) : [state.buffered.shift()];
  state.writing = true;
  let sync = true;
  let called = false;
  const done = (error) => {
    if (called) {
      fail(stream, streamError("ERR_MULTIPLE_CALLBACK", "Callback called multiple times"));
      return;
    }
    called = true;
    state.writing = false;
    for (const entry of entries) state.length -= entry.size;
    if (error) {
      for (const entry of entries) nextTick(() => entry.callback?.(error));
      fail(stream, error);
      return;
    }
    const after = () => {
      for (const entry of entries) entry.callback?.(null);
      if (state.needDrain && state.length === 0 && !state.ending && !stream._life.destroyed) {
        state.needDrain = false;
        stream.emit("drain");
      }
      next(stream);
    };
    if (sync) nextTick(after);
    else after();
  };
  try {
    if (several) stream._writev(entries, done);
    else stream._write(entries[0].chunk, entries[0].encoding, done);
  } catch (error) {
    done(error);
  }
  sync = false;
}

function maybeFinish(stream) {
  const state = stream._writableState;
  if (!state.ending || state.finished || state.writing || state.length > 0 || stream._life.errored)
    return;
  if (state.finalCalled) return;
  state.finalCalled = true;
  const finish = (error) => {
    if (error) {
      for (const callback of state.onFinish.splice(0)) callback(error);
      fail(stream, error);
      return;
    }
    nextTick(() => {
      if (state.finished || stream._life.errored) return;
      stream.emit("prefinish");
      state.finished = true;
      for (const callback of state.onFinish.splice(0)) callback();
      stream.emit("finish");
      const readable = stream._readableState;
      if (
        stream._life.autoDestroy &&
        (!readable || readable.endEmitted || readable.readable === false)
      )
        stream.destroy();
    });
  };
  if (typeof stream._final !== "function") {
    finish();
    return;
  }
  try {
    stream._final(finish);
  } catch (error) {
    finish(error);
  }
}

const methods = {
  write(input, encodingOrCallback, maybeCallback) {
    const state = this._writableState;
    const callback = typeof encodingOrCallback === "function" ? encodingOrCallback : maybeCallback;
    let encoding =
      typeof encodingOrCallback === "string" ? encodingOrCallback : state.defaultEncoding;
    let chunk = input;
    if (chunk === null)
      throw nodeError(TypeError, "ERR_STREAM_NULL_VALUES", "May not write null values to stream");
    if (!state.objectMode) {
      if (typeof chunk === "string") {
        if (state.decodeStrings) {
          chunk = Buffer.from(chunk, encoding);
          encoding = "buffer";
        }
      } else if (ArrayBuffer.isView(chunk)) {
        if (!Buffer.isBuffer(chunk))
          chunk = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
        encoding = "buffer";
      } else {
        throw invalidArgType(
          "chunk",
          "of type string or an instance of Buffer, TypedArray, or DataView",
          chunk,
        );
      }
    }
    if (state.ending) {
      fail(this, streamError("ERR_STREAM_WRITE_AFTER_END", "write after end"), callback);
      return false;
    }
    if (this._life.destroyed) {
      const error = streamError(
        "ERR_STREAM_DESTROYED",
        "Cannot call write after a stream was destroyed",
      );
      nextTick(() => callback?.(error));
      return false;
    }
    const size = state.objectMode ? 1 : chunk.length;
    state.length += size;
    const room = state.length < state.highWaterMark;
    if (!room) state.needDrain = true;
    state.buffered.push({ chunk, encoding, callback, size });
    if (this._life.constructed) next(this);
    else if (state.buffered.length === 1) whenConstructed(this, () => next(this));
    return room && !this._life.errored && !this._life.destroyed;
  },
  _write(chunk, encoding, callback) {
    if (typeof this._writev === "function") this._writev([{ chunk, encoding }], callback);
    else throw streamError("ERR_METHOD_NOT_IMPLEMENTED", "The _write() method is not implemented");
  },
  end(chunkOrCallback, encodingOrCallback, maybeCallback) {
    const state = this._writableState;
    const args = [chunkOrCallback, encodingOrCallback, maybeCallback];
    const callback = args.find((argument) => typeof argument === "function");
    const [chunk, encoding] = args.map((argument) =>
      typeof argument === "function" ? undefined : argument,
    );
    if (chunk !== null && chunk !== undefined) this.write(chunk, encoding);
    if (state.corked > 0) {
      state.corked = 1;
      this.uncork();
    }
    if (callback) {
      if (state.finished) {
        nextTick(
          callback,
          streamError("ERR_STREAM_ALREADY_FINISHED", "Cannot call end after a stream was finished"),
        );
      } else if (this._life.destroyed) {
        nextTick(
          callback,
          streamError("ERR_STREAM_DESTROYED", "Cannot call end after a stream was destroyed"),
        );
      } else {
        state.onFinish.push(callback);
        this.once("error", (error) => {
          const at = state.onFinish.indexOf(callback);
          if (at >= 0) state.onFinish.splice(at, 1)[0](error);
        });
      }
    }
    if (!state.ending && !this._life.destroyed) {
      state.ending = true;
      state.ended = true;
      whenConstructed(this, () => next(this));
    }
    return this;
  },
  cork() {
    this._writableState.corked++;
  },
  uncork() {
    const state = this._writableState;
    if (state.corked > 0) state.corked--;
    next(this);
  },
  setDefaultEncoding(encoding) {
    if (encodingNumber(encoding) === undefined) {
      throw nodeError(TypeError, "ERR_UNKNOWN_ENCODING", `Unknown encoding: ${encoding}`);
    }
    this._writableState.defaultEncoding = encoding;
    return this;
  },
  pipe() {
    fail(this, streamError("ERR_STREAM_CANNOT_PIPE", "Cannot pipe, not readable"));
  },
  get writable() {
    const state = this._writableState;
    return (
      Boolean(state) &&
      state.writable !== false &&
      !this._life.destroyed &&
      !this._life.errored &&
      !state.ending
    );
  },
  set writable(value) {
    if (this._writableState) this._writableState.writable = Boolean(value);
  },
  get writableFinished() {
    return this._writableState.finished;
  },
  get writableEnded() {
    return this._writableState.ending;
  },
  get writableLength() {
    return this._writableState.length;
  },
  get writableHighWaterMark() {
    return this._writableState.highWaterMark;
  },
  get writableObjectMode() {
    return this._writableState.objectMode;
  },
  get writableNeedDrain() {
    const state = this._writableState;
    return !this._life.destroyed && !state.ending && state.needDrain;
  },
  get writableCorked() {
    return this._writableState.corked;
  },
  get writableAborted() {
    return Boolean((this._life.destroyed || this._life.errored) && !this._writableState.finished);
  },
};
export const writableMethods = methods;
defineAll(Writable.prototype, methods);

/** What was not written is told so when the stream is destroyed. */
const { destroy } = Stream.prototype;
export function destroyWritable(error, callback) {
  const state = this._writableState;
  if (!this._life.destroyed && state) {
    const lost = state.buffered.splice(0);
    const waiting = state.onFinish.splice(0);
    if (lost.length > 0 || waiting.length > 0) {
      const reason =
        error ??
        streamError("ERR_STREAM_DESTROYED", "Cannot call write after a stream was destroyed");
      nextTick(() => {
        for (const entry of lost) entry.callback?.(reason);
        for (const done of waiting) done(reason);
      });
    }
  }
  return destroy.call(this, error, callback);
}
Object.defineProperty(Writable.prototype, "destroy", {
  value: destroyWritable,
  writable: true,
  configurable: true,
});
