// stream.pipeline: streams, iterables and generator functions in a row.

import { AbortError, invalidArgType } from "node:internal/errors";
import { nextTick } from "node:internal/next_tick";
import { finished } from "node:internal/stream_end";
import { PassThrough } from "node:internal/stream_duplex";
import { Readable } from "node:internal/stream_readable";

const isStream = (value) => typeof value?.pipe === "function" || typeof value?.write === "function";

/** @returns the last stream */
export function pipeline(...stages) {
  const callback = typeof stages.at(-1) === "function" ? stages.pop() : () => {};
  return run(stages, {}, callback);
}

export function run(given, options, callback) {
  const stages = given.length === 1 && Array.isArray(given[0]) ? given[0] : given;
  if (stages.length < 2) throw invalidArgType("streams", "at least two streams", stages);
  const open = new Set();
  const streams = [];
  let settled = false;
  let waiting = 0;
  let failure;
  let result;
  const settle = (error) => {
    if (error && (!failure || failure.code === "ERR_STREAM_PREMATURE_CLOSE")) failure = error;
    if (error) for (const stream of open) stream.destroy(error);
    if (settled || (waiting > 0 && !error)) return;
    settled = true;
    options.signal?.removeEventListener("abort", abort);
    nextTick(() => callback(failure, result));
  };
  const watch = (stream, sides) => {
    open.add(stream);
    streams.push(stream);
    waiting++;
    finished(stream, sides, (error) => {
      open.delete(stream);
      waiting--;
      settle(error);
    });
    // The end of the row answers for its errors from here on.
    stream.on("error", () => {});
  };
  const abort = () => settle(new AbortError(undefined, { cause: options.signal.reason }));
  options.signal?.addEventListener("abort", abort, { once: true });

  let current;
  stages.forEach((stage, at) => {
    const first = at === 0;
    const last = at === stages.length - 1;
    let next = stage;
    if (typeof stage === "function") {
      const made = first
        ? stage({ signal: options.signal })
        : stage(current, { signal: options.signal });
      if (last && typeof made?.then === "function") {
        waiting++;
        const output = new PassThrough({ objectMode: true });
        made.then(
          (value) => {
            result = value;
            waiting--;
            output.end(value);
            settle();
          },
          (error) => {
            waiting--;
            output.destroy();
            settle(error);
          },
        );
        current = output;
        return;
      }
      next = isStream(made) ? made : Readable.from(made);
      watch(next, { readable: true, writable: false });
      current = next;
      return;
    }
    if (!isStream(stage)) {
      next = Readable.from(stage);
      watch(next, { readable: true, writable: false });
      current = next;
      return;
    }
    watch(stage, {
      readable: !last && Boolean(stage._readableState),
      writable: !first && Boolean(stage._writableState),
    });
    if (!first) current.pipe(stage, { end: options.end !== false || !last });
    current = stage;
  });
  if (options.signal?.aborted) nextTick(abort);
  return current;
}
