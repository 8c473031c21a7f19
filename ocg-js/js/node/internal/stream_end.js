// stream.finished: when a stream has ended, failed or closed too early.

import { AbortError, invalidArgType, validateFunction } from "node:internal/errors";
import { nextTick } from "node:internal/next_tick";
import { streamError } from "node:internal/stream_state";

/** @returns {() => void} stops listening */
export function finished(stream, optionsOrCallback, maybeCallback) {
  const options = typeof optionsOrCallback === "function" ? {} : (optionsOrCallback ?? {});
  const callback = typeof optionsOrCallback === "function" ? optionsOrCallback : maybeCallback;
  validateFunction(callback, "callback");
  if (typeof stream?.on !== "function")
    throw invalidArgType("stream", "an instance of Stream", stream);
  const wants = {
    readable: options.readable ?? Boolean(stream._readableState),
    writable: options.writable ?? Boolean(stream._writableState),
  };
  let readableDone =
    !wants.readable || stream.readableEnded === true || stream._readableState?.readable === false;
  let writableDone =
    !wants.writable ||
    stream.writableFinished === true ||
    stream._writableState?.writable === false;
  let told = false;
  const tell = (error) => {
    if (told) return;
    told = true;
    callback.call(stream, error);
  };
  const check = () => {
    if (readableDone && writableDone) tell();
  };
  const onEnd = () => {
    readableDone = true;
    check();
  };
  const onFinish = () => {
    writableDone = true;
    check();
  };
  const onError = (error) => tell(error);
  const onClose = () => {
    if (stream.errored) tell(stream.errored);
    else if (!readableDone && !stream.readableEnded)
      tell(streamError("ERR_STREAM_PREMATURE_CLOSE", "Premature close"));
    else if (!writableDone && !stream.writableFinished)
      tell(streamError("ERR_STREAM_PREMATURE_CLOSE", "Premature close"));
    else tell();
  };
  const onAbort = () => tell(new AbortError(undefined, { cause: options.signal.reason }));
  if (wants.readable) stream.on("end", onEnd);
  if (wants.writable) stream.on("finish", onFinish);
  if (options.error !== false) stream.on("error", onError);
  stream.on("close", onClose);
  if (options.signal?.aborted) nextTick(onAbort);
  else options.signal?.addEventListener("abort", onAbort, { once: true });
  if (stream.closed) nextTick(onClose);
  else if (stream.errored) nextTick(() => tell(stream.errored));
  else if (readableDone && writableDone) nextTick(check);
  return () => {
    told = true;
    stream.removeListener("end", onEnd);
    stream.removeListener("finish", onFinish);
    stream.removeListener("error", onError);
    stream.removeListener("close", onClose);
    options.signal?.removeEventListener("abort", onAbort);
  };
}
