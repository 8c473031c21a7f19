/** WritableStream (Streams standard). */
import { deferred } from "ocg:web/readable-core";

const cores = new WeakMap();

class WritableCore {
  state = "writable";
  error = undefined;
  writer = null;
  queued = 0;
  ready = deferred();
  closed = deferred();
  abortion = new AbortController();
  /** The end of the chain of writes. */
  #tail;
  #sink;
  #sizeOf;
  #highWaterMark;
  #controller;

  constructor(sink, { highWaterMark = 1, size = () => 1 }) {
    this.#sink = sink;
    this.#sizeOf = size;
    this.#highWaterMark = highWaterMark;
    this.closed.promise.catch(() => {});
    this.ready.promise.catch(() => {});
    this.#controller = {
      signal: this.abortion.signal,
      error: (reason) => this.fail(reason),
    };
    this.#tail = Promise.resolve(sink.start?.(this.#controller));
    this.#tail.catch((error) => this.fail(error));
    this.#updateReady();
  }

  get desiredSize() {
    if (this.state === "errored") return null;
    return this.state === "writable" ? this.#highWaterMark - this.queued : 0;
  }

  #updateReady() {
    if (this.state !== "writable") return;
    if (this.desiredSize > 0) {
      this.ready.resolve();
      this.waiting = false;
    } else if (!this.waiting) {
      this.waiting = true;
      this.ready = deferred();
      this.ready.promise.catch(() => {});
    }
  }

  #append(work) {
    const done = this.#tail.then(() => {
      if (this.state === "errored") throw this.error;
      return work();
    });
    this.#tail = done.catch((error) => this.fail(error));
    return done;
  }

  write(chunk) {
    if (this.state === "errored") return Promise.reject(this.error);
    if (this.state !== "writable") return Promise.reject(new TypeError("the stream is closed"));
    const size = Number(this.#sizeOf(chunk));
    this.queued += size;
    this.#updateReady();
    return this.#append(async () => {
      try {
        await this.#sink.write?.(chunk, this.#controller);
      } finally {
        this.queued -= size;
        this.#updateReady();
      }
    });
  }

  close() {
    if (this.state === "errored") return Promise.reject(this.error);
    if (this.state !== "writable") return Promise.reject(new TypeError("the stream is closed"));
    this.state = "closing";
    this.ready.resolve();
    return this.#append(async () => {
      await this.#sink.close?.();
      this.state = "closed";
      this.closed.resolve();
    });
  }

  async abort(reason) {
    if (this.state === "closed" || this.state === "errored") return;
    this.abortion.abort(reason);
    this.fail(reason);
    await this.#sink.abort?.(reason);
  }

  fail(error) {
    if (this.state === "errored" || this.state === "closed") return;
    this.state = "errored";
    this.error = error;
    this.ready.reject(error);
    this.closed.reject(error);
  }
}

export class WritableStreamDefaultWriter {
  #core;

  constructor(stream) {
    this.#core = cores.get(stream);
    if (this.#core.writer) throw new TypeError("the stream is locked to a writer");
    this.#core.writer = this;
  }

  #use() {
    if (!this.#core) throw new TypeError("the writer was released");
    return this.#core;
  }

  get desiredSize() {
    return this.#use().desiredSize;
  }

  get ready() {
    return this.#use().ready.promise;
  }

  get closed() {
    return this.#use().closed.promise;
  }

  async write(chunk) {
    return this.#use().write(chunk);
  }

  async close() {
    return this.#use().close();
  }

  async abort(reason) {
    return this.#use().abort(reason);
  }

  releaseLock() {
    if (this.#core) this.#core.writer = null;
    this.#core = null;
  }
}

export class WritableStream {
  constructor(sink = {}, strategy = {}) {
    cores.set(this, new WritableCore(sink ?? {}, strategy));
  }

  get locked() {
    return cores.get(this).writer !== null;
  }

  getWriter() {
    return new WritableStreamDefaultWriter(this);
  }

  async close() {
    if (this.locked) throw new TypeError("the stream is locked to a writer");
    return cores.get(this).close();
  }

  async abort(reason) {
    if (this.locked) throw new TypeError("the stream is locked to a writer");
    return cores.get(this).abort(reason);
  }

  get [Symbol.toStringTag]() {
    return "WritableStream";
  }
}
