/** The state of a ReadableStream, shared by the stream, its controller and its reader. */

/** One promise with its handles. */
export const deferred = () => Promise.withResolvers();

export class ReadableCore {
  queue = [];
  queued = 0;
  state = "readable";
  error = undefined;
  reader = null;
  disturbed = false;
  /** Reads that wait for a chunk. */
  requests = [];
  #source;
  #sizeOf;
  #highWaterMark;
  #controller;
  #started = false;
  #pulling = false;
  #pullAgain = false;
  #closing = false;

  constructor(source, { highWaterMark = 1, size = () => 1 }, makeController) {
    this.#source = source;
    this.#sizeOf = size;
    this.#highWaterMark = highWaterMark;
    this.#controller = makeController(this);
    const start = source.start?.(this.#controller);
    const ready = () => {
      this.#started = true;
      this.pull();
    };
    if (start instanceof Promise) start.then(ready, (error) => this.fail(error));
    else queueMicrotask(ready);
  }

  get desiredSize() {
    if (this.state === "errored") return null;
    return this.state === "closed" ? 0 : this.#highWaterMark - this.queued;
  }

  get canEnqueue() {
    return this.state === "readable" && !this.#closing;
  }

  enqueue(chunk) {
    if (!this.canEnqueue) throw new TypeError("the stream is closed");
    const request = this.requests.shift();
    if (request) {
      request.resolve({ value: chunk, done: false });
    } else {
      let size;
      try {
        size = Number(this.#sizeOf(chunk));
        if (!(size >= 0 && size < Infinity)) throw new RangeError("a chunk's size must be finite");
      } catch (error) {
        this.fail(error);
        throw error;
      }
      this.queue.push({ chunk, size });
      this.queued += size;
    }
    this.pull();
  }

  close() {
    if (!this.canEnqueue) throw new TypeError("the stream is closed already");
    this.#closing = true;
    if (this.queue.length === 0) this.#finish();
  }

  #finish() {
    this.state = "closed";
    for (const request of this.requests.splice(0)) {
      request.resolve({ value: undefined, done: true });
    }
    this.reader?.settled.resolve();
  }

  fail(error) {
    if (this.state !== "readable") return;
    this.state = "errored";
    this.error = error;
    this.queue = [];
    this.queued = 0;
    for (const request of this.requests.splice(0)) request.reject(error);
    this.reader?.settled.reject(error);
  }

  read() {
    this.disturbed = true;
    if (this.state === "errored") return Promise.reject(this.error);
    if (this.queue.length > 0) {
      const { chunk, size } = this.queue.shift();
      this.queued = this.queue.length === 0 ? 0 : this.queued - size;
      if (this.#closing && this.queue.length === 0) this.#finish();
      else this.pull();
      return Promise.resolve({ value: chunk, done: false });
    }
    if (this.state === "closed") return Promise.resolve({ value: undefined, done: true });
    const request = deferred();
    this.requests.push(request);
    this.pull();
    return request.promise;
  }

  async cancel(reason) {
    this.disturbed = true;
    if (this.state === "errored") throw this.error;
    if (this.state === "closed") return;
    this.queue = [];
    this.queued = 0;
    this.#finish();
    await this.#source.cancel?.(reason);
  }

  /** Asks the source for more while somebody waits or the queue has room. */
  pull() {
    const wanted = this.requests.length > 0 || this.desiredSize > 0;
    if (!this.#started || !this.canEnqueue || !wanted || !this.#source.pull) return;
    if (this.#pulling) {
      this.#pullAgain = true;
      return;
    }
    this.#pulling = true;
    const done = () => {
      this.#pulling = false;
      if (this.#pullAgain) {
        this.#pullAgain = false;
        this.pull();
      }
    };
    try {
      Promise.resolve(this.#source.pull(this.#controller)).then(done, (error) => this.fail(error));
    } catch (error) {
      this.fail(error);
    }
  }
}
