// node:stream

import promises from "node:stream/promises";
import { Duplex, PassThrough, Transform } from "node:internal/stream_duplex";
import { finished } from "node:internal/stream_end";
import { pipeline } from "node:internal/stream_pipeline";
import { Readable } from "node:internal/stream_readable";
import { Stream } from "node:internal/stream_state";
import { Writable } from "node:internal/stream_writable";

export function isDestroyed(stream) {
  return Boolean(stream?.destroyed);
}

export function isErrored(stream) {
  return Boolean(stream?.errored);
}

export function isReadable(stream) {
  return stream?.readable === undefined ? null : Boolean(stream.readable);
}

export function isWritable(stream) {
  return stream?.writable === undefined ? null : Boolean(stream.writable);
}

export function isDisturbed(stream) {
  return Boolean(stream?.readableDidRead || stream?.readableAborted);
}

export function addAbortSignal(signal, stream) {
  const abort = () => stream.destroy(signal.reason);
  if (signal.aborted) abort();
  else signal.addEventListener("abort", abort, { once: true });
  return stream;
}

export function compose(...stages) {
  const [head, tail] = [stages[0], stages.at(-1)];
  if (stages.length > 1) pipeline(...stages, () => {});
  return Duplex.from({ writable: head, readable: tail });
}

let [bytesMark, objectMark] = [65536, 16];

export function getDefaultHighWaterMark(objectMode) {
  return objectMode ? objectMark : bytesMark;
}

export function setDefaultHighWaterMark(objectMode, value) {
  if (objectMode) objectMark = value;
  else bytesMark = value;
}

finished[Symbol.for("nodejs.util.promisify.custom")] = promises.finished;
pipeline[Symbol.for("nodejs.util.promisify.custom")] = promises.pipeline;

Object.assign(Stream, {
  Stream,
  Readable,
  Writable,
  Duplex,
  Transform,
  PassThrough,
  finished,
  pipeline,
  promises,
  isDestroyed,
  isErrored,
  isReadable,
  isWritable,
  isDisturbed,
  addAbortSignal,
  compose,
  getDefaultHighWaterMark,
  setDefaultHighWaterMark,
});

export { Duplex, finished, PassThrough, pipeline, promises, Readable, Stream, Transform, Writable };
export default Stream;
