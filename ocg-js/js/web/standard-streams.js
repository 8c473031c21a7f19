/** `process.stdin`, `stdout` and `stderr`: text to and from the host's terminal. */
import { expose } from "ocg:host";
import { write } from "ocg:native/process";
import { Emitter } from "ocg:web/emitter";

const text = (chunk) => (typeof chunk === "string" ? chunk : new TextDecoder().decode(chunk));

class Output extends Emitter {
  isTTY = false;
  writable = true;
  columns = 80;
  rows = 24;
  #name;

  constructor(name, fd) {
    super();
    this.#name = name;
    this.fd = fd;
  }

  write(chunk, encoding, callback) {
    write(this.#name, text(chunk));
    const done = typeof encoding === "function" ? encoding : callback;
    if (done) queueMicrotask(() => done());
    return true;
  }

  end(chunk, encoding, callback) {
    if (chunk != null && typeof chunk !== "function") this.write(chunk, encoding, callback);
    return this;
  }

  cork() {}
  uncork() {}
  getColorDepth = () => 1;
  hasColors = () => false;
  getWindowSize = () => [this.columns, this.rows];
}

class Input extends Emitter {
  isTTY = false;
  readable = true;
  fd = 0;
  #decoder;
  #flowing = false;
  #waiting = [];

  setEncoding() {
    this.#decoder = new TextDecoder();
    return this;
  }

  setRawMode() {
    return this;
  }

  on(event, listener) {
    super.on(event, listener);
    if (event === "data") this.resume();
    return this;
  }

  once(event, listener) {
    super.once(event, listener);
    if (event === "data") this.resume();
    return this;
  }

  resume() {
    this.#flowing = true;
    queueMicrotask(() => this.#flow());
    return this;
  }

  pause() {
    this.#flowing = false;
    return this;
  }

  isPaused() {
    return !this.#flowing;
  }

  ref() {
    return this;
  }

  unref() {
    return this;
  }

  /** Called with what the host typed. Kept until somebody listens. */
  push(bytes) {
    this.#waiting.push(bytes);
    this.#flow();
  }

  #flow() {
    while (this.#flowing && this.#waiting.length > 0 && this.listenerCount("data") > 0) {
      const bytes = this.#waiting.shift();
      this.emit(
        "data",
        this.#decoder ? this.#decoder.decode(bytes, { stream: true }) : asBuffer(bytes),
      );
    }
  }

  async *[Symbol.asyncIterator]() {
    for (;;) yield await new Promise((resolve) => this.once("data", resolve));
  }
}

const asBuffer = (bytes) => globalThis.Buffer?.from(bytes) ?? bytes;

export const stdin = new Input();
export const stdout = new Output("stdout", 1);
export const stderr = new Output("stderr", 2);

expose("ocg:stdin.data", (bytes) => stdin.push(bytes));
