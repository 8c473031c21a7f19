/** ReadableStream (Streams standard): default readers, async iteration, pipes and tees. */
import { ReadableCore, deferred } from "ocg:web/readable-core";

const cores = new WeakMap();

/** The state behind a stream. */
export function coreOf(stream) {
  const core = cores.get(stream);
  if (!core) throw new TypeError("not a ReadableStream");
  return core;
}

export class ReadableStreamDefaultController {
  #core;

  constructor(core) {
    this.#core = core;
  }

  get desiredSize() {
    return this.#core.desiredSize;
  }

  /** Byte sources that ask get none: they enqueue instead. */
  get byobRequest() {
    return null;
  }

  enqueue(chunk) {
    this.#core.enqueue(chunk);
  }

  close() {
    this.#core.close();
  }

  error(reason) {
    this.#core.fail(reason);
  }
}

export class ReadableStreamDefaultReader {
  #core;
  settled = deferred();

  constructor(stream) {
    const core = coreOf(stream);
    if (core.reader) throw new TypeError("the stream is locked to a reader");
    this.#core = core;
    core.reader = this;
    this.settled.promise.catch(() => {});
    if (core.state === "closed") this.settled.resolve();
    if (core.state === "errored") this.settled.reject(core.error);
    Object.defineProperty(this, "settled", { enumerable: false });
  }

  get closed() {
    return this.settled.promise;
  }

  read() {
    if (!this.#core) return Promise.reject(new TypeError("the reader was released"));
    return this.#core.read();
  }

  cancel(reason) {
    if (!this.#core) return Promise.reject(new TypeError("the reader was released"));
    return this.#core.cancel(reason);
  }

  releaseLock() {
    if (!this.#core) return;
    const error = new TypeError("the reader was released");
    for (const request of this.#core.requests.splice(0)) request.reject(error);
    this.settled.reject(error);
    this.#core.reader = null;
    this.#core = null;
  }
}

const makeController = (core) => new ReadableStreamDefaultController(core);

/** A reader that fills the caller's views. */
export class ReadableStreamBYOBReader extends ReadableStreamDefaultReader {
  #rest = new Uint8Array(0);

  async read(view) {
    if (this.#rest.length === 0) {
      const { value, done } = await super.read();
      if (done) return { value: new view.constructor(view.buffer, view.byteOffset, 0), done };
      this.#rest = value;
    }
    const target = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    const part = this.#rest.subarray(0, target.length);
    target.set(part);
    this.#rest = this.#rest.subarray(part.length);
    const size = view.BYTES_PER_ELEMENT ?? 1;
    return {
      value: new view.constructor(view.buffer, view.byteOffset, part.length / size),
      done: false,
    };
  }
}

export class ReadableStream {
  constructor(source = {}, strategy = {}) {
    // A byte stream counts bytes and asks only when somebody reads.
    const defaults =
      source?.type === "bytes" ? { highWaterMark: 0, size: (c) => c.byteLength } : {};
    cores.set(this, new ReadableCore(source ?? {}, { ...defaults, ...strategy }, makeController));
  }

  get locked() {
    return coreOf(this).reader !== null;
  }

  cancel(reason) {
    if (this.locked) return Promise.reject(new TypeError("the stream is locked to a reader"));
    return coreOf(this).cancel(reason);
  }

  getReader({ mode } = {}) {
    const Reader = mode === "byob" ? ReadableStreamBYOBReader : ReadableStreamDefaultReader;
    return new Reader(this);
  }

  pipeThrough({ readable, writable }, options) {
    this.pipeTo(writable, options).catch(() => {});
    return readable;
  }

  async pipeTo(destination, options = {}) {
    const { preventClose, preventAbort, preventCancel, signal } = options;
    const reader = this.getReader();
    const writer = destination.getWriter();
    const aborted = deferred();
    aborted.promise.catch(() => {});
    const onAbort = () => aborted.reject(signal.reason);
    if (signal?.aborted) onAbort();
    signal?.addEventListener("abort", onAbort, { once: true });
    const orAborted = (promise) => Promise.race([promise, aborted.promise]);
    try {
      for (;;) {
        await orAborted(writer.ready);
        const { value, done } = await orAborted(reader.read());
        if (done) break;
        writer.write(value).catch(() => {});
      }
      if (!preventClose) await orAborted(writer.close());
    } catch (error) {
      if (!preventAbort) await writer.abort(error).catch(() => {});
      if (!preventCancel) await reader.cancel(error).catch(() => {});
      throw error;
    } finally {
      signal?.removeEventListener("abort", onAbort);
      reader.releaseLock();
      writer.releaseLock();
    }
  }

  /** Two streams of the same chunks; the slower one keeps what it has not read. */
  tee() {
    const reader = this.getReader();
    const branches = [];
    const cancelled = [false, false];
    const reasons = [];
    const all = deferred();
    let reading;
    const pull = () => {
      reading ??= reader.read().then(
        ({ value, done }) => {
          reading = undefined;
          branches.forEach((branch, index) => {
            if (cancelled[index]) return;
            if (done) branch.close();
            else branch.enqueue(value);
          });
          if (done) all.resolve();
        },
        (error) => {
          for (const branch of branches) branch.error(error);
          all.resolve();
        },
      );
      return reading;
    };
    const branch = (index) =>
      new ReadableStream(
        {
          start: (controller) => {
            branches[index] = controller;
          },
          pull,
          cancel: (reason) => {
            cancelled[index] = true;
            reasons[index] = reason;
            if (cancelled[0] && cancelled[1]) all.resolve(reader.cancel(reasons));
            return all.promise;
          },
        },
        { highWaterMark: 0 },
      );
    return [branch(0), branch(1)];
  }

  async *values({ preventCancel = false } = {}) {
    const reader = this.getReader();
    let finished = false;
    try {
      for (;;) {
        const { value, done } = await reader.read();
        if (done) {
          finished = true;
          return;
        }
        yield value;
      }
    } catch (error) {
      finished = true;
      throw error;
    } finally {
      if (!finished && !preventCancel) await reader.cancel();
      reader.releaseLock();
    }
  }

  [Symbol.asyncIterator](options) {
    return this.values(options);
  }

  static from(iterable) {
    const iterator = iterable[Symbol.asyncIterator]?.() ?? iterable[Symbol.iterator]();
    return new ReadableStream(
      {
        async pull(controller) {
          const { value, done } = await iterator.next();
          if (done) controller.close();
          else controller.enqueue(await value);
        },
        cancel: (reason) => iterator.return?.(reason),
      },
      { highWaterMark: 0 },
    );
  }

  get [Symbol.toStringTag]() {
    return "ReadableStream";
  }
}
