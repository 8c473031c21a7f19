// node:readline: lines of an input stream, and questions.

import EventEmitter from "node:events";
import { AbortError } from "node:internal/errors";
import { StringDecoder } from "node:string_decoder";
import promises from "node:readline/promises";

export class Interface extends EventEmitter {
  #decoder = new StringDecoder("utf8");
  #rest = "";
  #question;
  closed = false;
  terminal = false;
  line = "";

  constructor(input, output) {
    super();
    const options = typeof input?.on === "function" ? { input, output } : input;
    this.input = options.input;
    this.output = options.output;
    this.prompt_ = options.prompt ?? "> ";
    this.input.on("data", this.#onData);
    this.input.on("end", this.#onEnd);
    options.signal?.addEventListener("abort", () => this.close(), { once: true });
    this.input.resume?.();
  }

  #onData = (chunk) => {
    this.#take(typeof chunk === "string" ? chunk : this.#decoder.write(chunk));
  };

  #onEnd = () => {
    const last = this.#rest + this.#decoder.end();
    this.#rest = "";
    if (last !== "") this.#deliver(last);
    this.close();
  };

  #take(text) {
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop();
    for (const line of lines) this.#deliver(line);
  }

  #deliver(line) {
    if (this.closed) return;
    const answer = this.#question;
    this.#question = undefined;
    if (answer) answer(line);
    else this.emit("line", line);
  }

  question(query, optionsOrCallback, maybeCallback) {
    const callback = typeof optionsOrCallback === "function" ? optionsOrCallback : maybeCallback;
    const { signal } = typeof optionsOrCallback === "object" ? optionsOrCallback : {};
    if (this.closed) {
      const error = new Error("readline was closed");
      error.code = "ERR_USE_AFTER_CLOSE";
      throw error;
    }
    if (signal?.aborted) return;
    this.output?.write(query);
    this.#question = callback;
    signal?.addEventListener(
      "abort",
      () => {
        if (this.#question === callback) this.#question = undefined;
      },
      { once: true },
    );
  }

  prompt() {
    this.output?.write(this.prompt_);
  }

  setPrompt(text) {
    this.prompt_ = text;
  }

  getPrompt() {
    return this.prompt_;
  }

  write(text) {
    if (text) this.#take(String(text));
  }

  pause() {
    this.input.pause?.();
    this.emit("pause");
    return this;
  }

  resume() {
    this.input.resume?.();
    this.emit("resume");
    return this;
  }

  close() {
    if (this.closed) return;
    this.closed = true;
    this.input.removeListener("data", this.#onData);
    this.input.removeListener("end", this.#onEnd);
    this.input.pause?.();
    this.emit("close");
  }

  async *[Symbol.asyncIterator]() {
    const lines = [];
    let wake;
    const onLine = (line) => {
      lines.push(line);
      wake?.();
    };
    const onClose = () => wake?.();
    this.on("line", onLine);
    this.on("close", onClose);
    try {
      for (;;) {
        while (lines.length > 0) yield lines.shift();
        if (this.closed) return;
        await new Promise((resolve) => {
          wake = resolve;
        });
      }
    } finally {
      this.removeListener("line", onLine);
      this.removeListener("close", onClose);
    }
  }

  [Symbol.dispose ?? Symbol.for("Symbol.dispose")]() {
    this.close();
  }
}

Interface.prototype.question[Symbol.for("nodejs.util.promisify.custom")] = function (
  query,
  options = {},
) {
  return new Promise((resolve, reject) => {
    options.signal?.addEventListener("abort", () =>
      reject(new AbortError(undefined, { cause: options.signal.reason })),
    );
    this.question(query, options, resolve);
  });
};

export function createInterface(input, output) {
  return new Interface(input, output);
}

function escape(stream, code, callback) {
  const done = stream?.write?.(code, callback);
  return done ?? true;
}

export function clearLine(stream, direction, callback) {
  return escape(
    stream,
    direction < 0 ? "\x1b[1K" : direction > 0 ? "\x1b[0K" : "\x1b[2K",
    callback,
  );
}

export function clearScreenDown(stream, callback) {
  return escape(stream, "\x1b[0J", callback);
}

export function cursorTo(stream, x, y, callback) {
  const code = typeof y === "number" ? `\x1b[${y + 1};${x + 1}H` : `\x1b[${x + 1}G`;
  return escape(stream, code, typeof y === "function" ? y : callback);
}

/** The code that moves the cursor by `count`. */
function move(count, plus, minus) {
  if (!count) return "";
  return count > 0 ? `\x1b[${count}${plus}` : `\x1b[${-count}${minus}`;
}

export function moveCursor(stream, dx, dy, callback) {
  return escape(stream, move(dx, "C", "D") + move(dy, "B", "A"), callback);
}

export function emitKeypressEvents() {}

export { promises };
export default {
  Interface,
  createInterface,
  clearLine,
  clearScreenDown,
  cursorTo,
  moveCursor,
  emitKeypressEvents,
  promises,
};
