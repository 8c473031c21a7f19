// Readable streams.

import { Buffer } from "node:buffer";
import { invalidArgType } from "node:internal/errors";
import { nextTick } from "node:internal/next_tick";
import { finished } from "node:internal/stream_end";
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
import { StringDecoder } from "node:string_decoder";

class ReadableState {
  constructor(options, duplex) {
    this.objectMode = Boolean(options?.objectMode || (duplex && options?.readableObjectMode));
    this.highWaterMark =
      options?.highWaterMark ??
      (duplex ? options?.readableHighWaterMark : undefined) ??
      defaultHighWaterMark(this.objectMode);
    this.buffer = [];
    this.length = 0;
    this.flowing = null;
    this.ended = false;
    this.endEmitted = false;
    this.reading = false;
    this.sync = true;
    this.readableListening = false;
    this.resumeScheduled = false;
    this.emittedReadable = false;
    this.readingMore = false;
    this.dataEmitted = false;
    this.pipes = [];
    this.encoding = options?.encoding ?? null;
    this.decoder = options?.encoding ? new StringDecoder(options.encoding) : null;
  }
}
showLife(ReadableState);

export function Readable(options) {
  if (!(this instanceof Readable)) return new Readable(options);
  this._life ??= new Life(options);
  this._readableState = new ReadableState(options, this._isDuplex === true);
  this._readableState.life = this._life;
  if (typeof options?.read === "function") this._read = options.read;
  Stream.call(this, options);
  if (!this._isDuplex) construct(this, options);
  return undefined;
}
Object.setPrototypeOf(Readable.prototype, Stream.prototype);
Object.setPrototypeOf(Readable, Stream);

function sizeOf(state, chunk) {
  return state.objectMode ? 1 : chunk.length;
}

function accept(stream, input, encoding, first) {
  const state = stream._readableState;
  let chunk = input;
  if (chunk === null) {
    state.reading = false;
    endOfInput(stream, state);
    return false;
  }
  if (!state.objectMode) {
    if (typeof chunk === "string") chunk = Buffer.from(chunk, encoding);
    else if (chunk instanceof Uint8Array && !Buffer.isBuffer(chunk))
      chunk = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    else if (chunk !== undefined && !(chunk instanceof Uint8Array)) {
      stream.destroy(
        invalidArgType(
          "chunk",
          "of type string or an instance of Buffer, TypedArray, or DataView",
          chunk,
        ),
      );
      return false;
    }
  }
  if (chunk === undefined || (!state.objectMode && chunk.length === 0)) {
    state.reading = false;
    readMore(stream, state);
    return canTakeMore(state);
  }
  if (state.ended && !first) {
    fail(stream, streamError("ERR_STREAM_PUSH_AFTER_EOF", "stream.push() after EOF"));
    return false;
  }
  if (stream._life.destroyed) return false;
  state.reading = false;
  if (state.decoder && !first) {
    chunk = state.decoder.write(chunk);
    if (chunk.length === 0) {
      readMore(stream, state);
      return canTakeMore(state);
    }
  }
  if (
    state.flowing &&
    state.length === 0 &&
    !state.sync &&
    stream.listenerCount("data") > 0 &&
    !first
  ) {
    state.dataEmitted = true;
    stream.emit("data", chunk);
  } else {
    state.length += sizeOf(state, chunk);
    if (first) state.buffer.unshift(chunk);
    else state.buffer.push(chunk);
    if (!state.flowing) announce(stream, state);
    else if (state.sync) nextTick(flow, stream);
  }
  readMore(stream, state);
  return canTakeMore(state);
}

function canTakeMore(state) {
  return !state.ended && (state.length < state.highWaterMark || state.length === 0);
}

function fail(stream, error) {
  if (stream._life.autoDestroy) stream.destroy(error);
  else stream.emit("error", error);
}

function endOfInput(stream, state) {
  if (state.ended) return;
  const rest = state.decoder?.end();
  if (rest) {
    state.buffer.push(rest);
    state.length += sizeOf(state, rest);
  }
  state.ended = true;
  if (state.flowing) nextTick(flow, stream);
  announce(stream, state);
}

function announce(stream, state) {
  if (state.emittedReadable) return;
  state.emittedReadable = true;
  nextTick(() => {
    state.emittedReadable = false;
    if (stream._life.destroyed || stream._life.errored) return;
    if (state.length > 0 || state.ended) stream.emit("readable");
    flow(stream);
    if (state.ended && state.length === 0 && (state.flowing || state.readableListening))
      finish(stream, state);
  });
}

/** Fills the buffer up to the mark while nobody has to wait. */
function readMore(stream, state) {
  if (state.readingMore || !stream._life.constructed) return;
  state.readingMore = true;
  nextTick(() => {
    while (!state.reading && !state.ended && !stream._life.destroyed) {
      if (!(state.length < state.highWaterMark || (state.flowing && state.length === 0))) break;
      const before = state.length;
      stream.read(0);
      if (before === state.length) break;
    }
    state.readingMore = false;
  });
}

function flow(stream) {
  const state = stream._readableState;
  while (state.flowing && stream.read() !== null);
}

function finish(stream, state) {
  if (state.endEmitted || state.length > 0) return;
  nextTick(() => {
    if (state.endEmitted || state.length > 0 || stream._life.errored || stream._life.closed) return;
    state.endEmitted = true;
    stream.emit("end");
    const writable = stream._writableState;
    if (writable && stream.allowHalfOpen === false) {
      nextTick(() => {
        if (stream.writable && !writable.ending) stream.end();
      });
    }
    if (
      stream._life.autoDestroy &&
      (!writable || writable.finished || writable.ending === undefined)
    )
      stream.destroy();
  });
}

function take(state, count) {
  if (state.objectMode) {
    state.length -= 1;
    return state.buffer.shift();
  }
  if (count >= state.length) {
    const all =
      state.buffer.length === 1
        ? state.buffer[0]
        : state.decoder
          ? state.buffer.join("")
          : Buffer.concat(state.buffer);
    state.buffer = [];
    state.length = 0;
    return all;
  }
  const pieces = [];
  let missing = count;
  while (missing > 0) {
    const head = state.buffer[0];
    if (head.length <= missing) {
      pieces.push(state.buffer.shift());
      missing -= head.length;
    } else {
      pieces.push(head.slice(0, missing));
      state.buffer[0] = head.slice(missing);
      missing = 0;
    }
  }
  state.length -= count;
  return state.decoder ? pieces.join("") : Buffer.concat(pieces);
}

function startReading(stream, state) {
  if (state.reading || state.ended || stream._life.destroyed || stream._life.errored) return;
  if (!stream._life.constructed) {
    if (!state.waitingForConstruct) {
      state.waitingForConstruct = true;
      whenConstructed(stream, () => stream.read(0));
    }
    return;
  }
  state.reading = true;
  state.sync = true;
  try {
    stream._read(state.highWaterMark);
  } catch (error) {
    fail(stream, error);
  }
  state.sync = false;
}

const methods = {
  push(chunk, encoding) {
    return accept(this, chunk, encoding, false);
  },
  unshift(chunk, encoding) {
    return accept(this, chunk, encoding, true);
  },
  _read() {
    throw streamError("ERR_METHOD_NOT_IMPLEMENTED", "The _read() method is not implemented");
  },
  read(size) {
    const state = this._readableState;
    const wanted = size === undefined ? NaN : Number(size);
    if (state.objectMode && !Number.isNaN(wanted) && wanted > 0) return this.read();
    if (wanted > state.highWaterMark) state.highWaterMark = wanted;
    if (wanted === 0) {
      if (state.ended && state.length === 0) finish(this, state);
      else if (state.length >= state.highWaterMark && state.length > 0) announce(this, state);
      else startReading(this, state);
      return null;
    }
    let count;
    if (state.objectMode) count = state.length > 0 ? 1 : 0;
    else if (Number.isNaN(wanted))
      count = state.flowing && state.length > 0 ? state.buffer[0].length : state.length;
    else if (wanted <= state.length) count = wanted;
    else count = state.ended ? state.length : 0;
    if (state.length === 0 || state.length - count < state.highWaterMark) startReading(this, state);
    if (count === 0 && Number.isNaN(wanted))
      count = state.objectMode
        ? Math.min(1, state.length)
        : state.flowing && state.length > 0
          ? state.buffer[0].length
          : state.length;
    const chunk = count > 0 ? take(state, count) : null;
    if (state.length === 0 && state.ended) finish(this, state);
    if (chunk !== null && !this._life.errored) {
      state.dataEmitted = true;
      this.emit("data", chunk);
    }
    return chunk;
  },
  on(type, listener) {
    const result = Stream.prototype.on.call(this, type, listener);
    const state = this._readableState;
    if (type === "data") {
      state.readableListening = this.listenerCount("readable") > 0;
      if (state.flowing !== false) this.resume();
    } else if (type === "readable" && !state.readableListening) {
      state.readableListening = true;
      state.flowing = false;
      if (state.length > 0 || state.ended) announce(this, state);
      else if (!state.reading) nextTick(() => this.read(0));
    }
    return result;
  },
  removeListener(type, listener) {
    const result = Stream.prototype.removeListener.call(this, type, listener);
    if (type === "readable") nextTick(updateReadableListening, this);
    return result;
  },
  removeAllListeners(...types) {
    const result = Stream.prototype.removeAllListeners.apply(this, types);
    if (types.length === 0 || types[0] === "readable") nextTick(updateReadableListening, this);
    return result;
  },
  resume() {
    const state = this._readableState;
    if (!state.flowing) {
      state.flowing = !state.readableListening;
      if (!state.resumeScheduled) {
        state.resumeScheduled = true;
        nextTick(() => {
          state.resumeScheduled = false;
          if (!state.reading) this.read(0);
          this.emit("resume");
          flow(this);
          if (state.flowing && !state.reading) this.read(0);
        });
      }
    }
    state.paused = false;
    return this;
  },
  pause() {
    const state = this._readableState;
    if (state.flowing !== false) {
      state.flowing = false;
      this.emit("pause");
    }
    state.paused = true;
    return this;
  },
  isPaused() {
    return this._readableState.paused === true || this._readableState.flowing === false;
  },
  setEncoding(encoding) {
    const state = this._readableState;
    const decoder = new StringDecoder(encoding);
    state.decoder = decoder;
    state.encoding = decoder.encoding;
    const text = state.buffer.map((chunk) => decoder.write(chunk)).join("");
    state.buffer = text ? [text] : [];
    state.length = text.length;
    return this;
  },
  pipe(destination, options) {
    const state = this._readableState;
    const onData = (chunk) => {
      if (destination.write(chunk) === false) {
        waiting = true;
        this.pause();
      }
    };
    let waiting = false;
    const onDrain = () => {
      if (!waiting) return;
      waiting = false;
      if (state.pipes.length > 0) {
        state.flowing = true;
        flow(this);
        if (!state.reading) this.read(0);
      }
    };
    const onEnd = () => destination.end();
    const onError = (error) => {
      this.unpipe(destination);
      if (destination.listenerCount("error") === 0) destination.destroy?.(error);
    };
    const onClose = () => this.unpipe(destination);
    const ends =
      options?.end !== false &&
      destination !== globalThis.process?.stdout &&
      destination !== globalThis.process?.stderr;
    const cleanup = () => {
      this.removeListener("data", onData);
      destination.removeListener("drain", onDrain);
      destination.removeListener("error", onError);
      destination.removeListener("close", onClose);
      this.removeListener("end", onEnd);
    };
    state.pipes.push({ destination, cleanup });
    if (ends) {
      if (state.endEmitted) nextTick(onEnd);
      else this.once("end", onEnd);
    }
    destination.on("drain", onDrain);
    destination.prependListener("error", onError);
    destination.once("close", onClose);
    destination.emit("pipe", this);
    this.on("data", onData);
    if (destination.writableNeedDrain === true) {
      waiting = true;
      this.pause();
    } else if (!state.flowing) this.resume();
    return destination;
  },
  unpipe(destination) {
    const state = this._readableState;
    const leaving = state.pipes.filter(
      (pipe) => destination === undefined || pipe.destination === destination,
    );
    state.pipes = state.pipes.filter((pipe) => !leaving.includes(pipe));
    for (const pipe of leaving) {
      pipe.cleanup();
      pipe.destination.emit("unpipe", this, { hasUnpiped: false });
    }
    if (state.pipes.length === 0 && leaving.length > 0) this.pause();
    return this;
  },
  wrap(old) {
    old.on("data", (chunk) => {
      if (!this.push(chunk)) old.pause?.();
    });
    old.on("end", () => this.push(null));
    old.on("error", (error) => this.destroy(error));
    this._read = () => old.resume?.();
    return this;
  },
  iterator(options) {
    return iterate(this, options);
  },
  [Symbol.asyncIterator]() {
    return iterate(this);
  },
  get readable() {
    const state = this._readableState;
    return (
      Boolean(state) &&
      !this._life.destroyed &&
      !state.endEmitted &&
      !this._life.errored &&
      state.readable !== false
    );
  },
  set readable(value) {
    if (this._readableState) this._readableState.readable = Boolean(value);
  },
  get readableFlowing() {
    return this._readableState.flowing;
  },
  get readableLength() {
    return this._readableState.length;
  },
  get readableHighWaterMark() {
    return this._readableState.highWaterMark;
  },
  get readableObjectMode() {
    return this._readableState.objectMode;
  },
  get readableEncoding() {
    return this._readableState.encoding;
  },
  get readableEnded() {
    return this._readableState.endEmitted;
  },
  get readableAborted() {
    return Boolean((this._life.destroyed || this._life.errored) && !this._readableState.endEmitted);
  },
  get readableDidRead() {
    return this._readableState.dataEmitted;
  },
};
methods.addListener = methods.on;
methods.off = methods.removeListener;
defineAll(Readable.prototype, methods);

function updateReadableListening(stream) {
  const state = stream._readableState;
  state.readableListening = stream.listenerCount("readable") > 0;
  if (state.resumeScheduled && !state.paused) state.flowing = true;
  else if (stream.listenerCount("data") > 0) stream.resume();
  else if (!state.readableListening) state.flowing = null;
}

async function* iterate(stream, options = {}) {
  let wake;
  let outcome;
  const onReadable = () => wake?.();
  stream.on("readable", onReadable);
  const stop = finished(stream, { writable: false }, (error) => {
    outcome = { error };
    wake?.();
  });
  try {
    for (;;) {
      const chunk = stream.destroyed ? null : stream.read();
      if (chunk !== null) yield chunk;
      else if (outcome?.error) throw outcome.error;
      else if (outcome) return;
      else {
        await new Promise((resolve) => {
          wake = resolve;
          if (outcome || stream.readableLength > 0) resolve();
        });
      }
    }
  } finally {
    stop();
    stream.off("readable", onReadable);
    if (options.destroyOnReturn !== false && !stream.destroyed) stream.destroy();
  }
}

Readable.prototype[Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose")] = function () {
  this.destroy();
  return new Promise((resolve) => this.once("close", resolve));
};
