/** Waiting, logging, durations. */
import { logging } from "ocg:runtime/logging";
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

export { createSubsystemLogger, logVerbose } from "ocg:runtime/logging";

export const { getChildLogger, shouldLogVerbose } = logging;

/** Text for a terminal; the gateway's log has colours of its own. @param {string} text */
export const danger = (text) => text;

/** @param {string} text */
export const warn = (text) => text;

const UNITS = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
];

/** A duration in words: `1h 2m 3.5s`, `250ms`. @param {number} ms */
export function formatDurationPrecise(ms, { decimals = 2, unit = "s" } = {}) {
  if (!Number.isFinite(ms)) return "unknown";
  if (ms < 1000) return `${Math.max(0, Math.round(ms))}ms`;
  let rest = ms;
  const parts = [];
  for (const [name, size] of UNITS) {
    const count = Math.floor(rest / size);
    if (count > 0) parts.push(`${count}${name}`);
    rest -= count * size;
  }
  const seconds = Number((rest / 1000).toFixed(decimals));
  if (seconds > 0 || parts.length === 0) parts.push(`${seconds}${unit}`);
  return parts.join(" ");
}

/** OCG's plugins see no kernel. */
export const isWSL2Sync = () => false;
