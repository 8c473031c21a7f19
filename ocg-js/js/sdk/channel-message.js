/** Typing indicators. */

const DEFAULT_KEEPALIVE_MS = 3000;
const DEFAULT_MAX_FAILURES = 2;

/**
 * Keeps a typing indicator alive from the start of a reply to its end.
 *
 * Platforms forget an indicator after some seconds, so it is shown again every
 * `keepaliveIntervalMs`. After `maxConsecutiveFailures` failed attempts it is left alone.
 * (plugin contract §3.2, `typingCallbacks`)
 *
 * @param {{
 *   start: () => Promise<void>,
 *   stop?: () => Promise<void>,
 *   onStartError?: (error: unknown) => void,
 *   onStopError?: (error: unknown) => void,
 *   keepaliveIntervalMs?: number,
 *   maxConsecutiveFailures?: number,
 *   maxDurationMs?: number,
 * }} params
 */
export function createTypingCallbacks(params) {
  const interval = params.keepaliveIntervalMs ?? DEFAULT_KEEPALIVE_MS;
  const maxFailures = Math.max(1, params.maxConsecutiveFailures ?? DEFAULT_MAX_FAILURES);
  let keepalive;
  let deadline;
  let closed = false;
  let shown = false;
  let failures = 0;

  async function show() {
    try {
      await params.start();
      failures = 0;
    } catch (error) {
      failures += 1;
      params.onStartError?.(error);
      if (failures >= maxFailures) stopKeepalive();
    }
  }

  function stopKeepalive() {
    clearInterval(keepalive);
    clearTimeout(deadline);
    keepalive = deadline = undefined;
  }

  function end() {
    closed = true;
    stopKeepalive();
    if (!shown || !params.stop) return;
    shown = false;
    params.stop().catch((error) => (params.onStopError ?? params.onStartError)?.(error));
  }

  return {
    async onReplyStart() {
      if (closed || keepalive) return;
      shown = true;
      failures = 0;
      if (interval > 0) keepalive = setInterval(show, interval);
      if (params.maxDurationMs > 0) deadline = setTimeout(end, params.maxDurationMs);
      await show();
    },
    onIdle: end,
    onCleanup: end,
  };
}

/** Messages that an agent's tools send: there are no tools. (inert) */
export async function sendDurableMessageBatch() {
  return { status: "failed", error: new Error("OCG runs no message tools"), stage: "unknown" };
}
