/** `node:timers/promises`. */
import * as timers from "ocg:web/timers";

function abortError(signal) {
  const error = new Error("The operation was aborted", { cause: signal.reason });
  error.name = "AbortError";
  error.code = "ABORT_ERR";
  return error;
}

/** Settles when `start` calls back, or when the signal is aborted. */
function wait(start, signal) {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(abortError(signal));
      return;
    }
    const onAbort = () => {
      timers.clearTimeout(timer);
      reject(abortError(signal));
    };
    const timer = start(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    });
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

export async function setTimeout(delay, value, { signal } = {}) {
  await wait((done) => timers.setTimeout(done, delay), signal);
  return value;
}

export async function setImmediate(value, { signal } = {}) {
  await wait((done) => timers.setImmediate(done), signal);
  return value;
}

export async function* setInterval(delay, value, options) {
  for (;;) yield await setTimeout(delay, value, options);
}

export const scheduler = {
  wait: (delay, options) => setTimeout(delay, undefined, options),
  yield: () => setImmediate(),
};

export default { setTimeout, setImmediate, setInterval, scheduler };
