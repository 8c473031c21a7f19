/** Waiting. */
import { MAX_TIMER_TIMEOUT_MS } from "openclaw/plugin-sdk/number-runtime";

/**
 * Waits; rejects with an AbortError as soon as the signal is aborted.
 *
 * @param {number} ms
 * @param {AbortSignal} [signal]
 */
export function sleep(ms, signal) {
  const delay = Number.isFinite(ms) ? Math.min(Math.max(0, ms), MAX_TIMER_TIMEOUT_MS) : 0;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(abortError(signal));
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, delay);
    function onAbort() {
      clearTimeout(timer);
      reject(abortError(signal));
    }
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

function abortError(signal) {
  const error = new Error("aborted", { cause: signal.reason });
  error.name = "AbortError";
  return error;
}
