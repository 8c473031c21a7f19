// Readable streams from and to iterables and web streams, and what is derived from them.

import { invalidArgType } from "node:internal/errors";
import { Readable } from "node:internal/stream_readable";
import { streamError } from "node:internal/stream_state";

/** A stream of the items of an iterable. */
Readable.from = function from(iterable, options) {
  if (typeof iterable === "string" || iterable instanceof Uint8Array) {
    return new Readable({
      objectMode: true,
      ...options,
      read() {
        this.push(iterable);
        this.push(null);
      },
    });
  }
  const items = iterable?.[Symbol.asyncIterator]?.() ?? iterable?.[Symbol.iterator]?.();
  if (!items) throw invalidArgType("iterable", "an instance of Iterable", iterable);
  let busy = false;
  const pull = async (stream) => {
    try {
      for (;;) {
        const { value, done } = await items.next();
        if (done) {
          stream.push(null);
          return;
        }
        const item = await value;
        if (item === null)
          throw streamError("ERR_STREAM_NULL_VALUES", "May not write null values to stream");
        if (!stream.push(item)) return;
      }
    } catch (error) {
      stream.destroy(error);
    } finally {
      busy = false;
    }
  };
  return new Readable({
    objectMode: true,
    highWaterMark: 1,
    ...options,
    read() {
      if (busy) return;
      busy = true;
      pull(this);
    },
    destroy(error, callback) {
      Promise.resolve(items.return?.()).then(
        () => callback(error),
        (failure) => callback(failure ?? error),
      );
    },
  });
};

const derived = {
  map: (transform) =>
    async function* (source) {
      for await (const item of source) yield transform(item);
    },
  filter: (keep) =>
    async function* (source) {
      for await (const item of source) if (await keep(item)) yield item;
    },
  flatMap: (transform) =>
    async function* (source) {
      for await (const item of source) yield* await transform(item);
    },
  take: (count) =>
    async function* (source) {
      let left = count;
      if (left <= 0) return;
      for await (const item of source) {
        yield item;
        if (--left <= 0) return;
      }
    },
  drop: (count) =>
    async function* (source) {
      let left = count;
      for await (const item of source) if (left-- <= 0) yield item;
    },
};
for (const [name, make] of Object.entries(derived)) {
  Readable.prototype[name] = function (argument) {
    return Readable.from(make(argument)(this));
  };
}
Readable.prototype.toArray = async function toArray() {
  const items = [];
  for await (const item of this) items.push(item);
  return items;
};
Readable.prototype.forEach = async function forEach(visit) {
  for await (const item of this) await visit(item);
};

/** From a web ReadableStream. */
Readable.fromWeb = function fromWeb(web, options) {
  const reader = web.getReader();
  return new Readable({
    ...options,
    read() {
      reader.read().then(
        ({ value, done }) => this.push(done ? null : value),
        (error) => this.destroy(error),
      );
    },
    destroy(error, callback) {
      reader.cancel(error ?? undefined).then(
        () => callback(error),
        () => callback(error),
      );
    },
  });
};

/** To a web ReadableStream. */
Readable.toWeb = function toWeb(stream) {
  const items = stream[Symbol.asyncIterator]();
  return new globalThis.ReadableStream({
    async pull(controller) {
      const { value, done } = await items.next();
      if (done) controller.close();
      else
        controller.enqueue(
          typeof value === "string" || stream.readableObjectMode ? value : new Uint8Array(value),
        );
    },
    async cancel(reason) {
      stream.destroy(reason);
    },
  });
};
