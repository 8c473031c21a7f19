/** The `channel.debounce` branch: messages that follow each other quickly are handled together. */

function resolveInboundDebounceMs({ cfg, channel, overrideMs }) {
  const inbound = cfg?.messages?.inbound;
  const ms = overrideMs ?? inbound?.byChannel?.[channel] ?? inbound?.debounceMs ?? 0;
  return Number.isFinite(ms) ? Math.max(0, Math.trunc(ms)) : 0;
}

/**
 * @param {{ debounceMs: number, buildKey: (item: unknown) => string | null | undefined,
 *   onFlush: (items: unknown[]) => Promise<void> | void, shouldDebounce?: (item: unknown) => boolean,
 *   onError?: (error: unknown, items: unknown[]) => void }} params
 */
function createInboundDebouncer(params) {
  const waiting = new Map();
  async function flush(items) {
    try {
      await params.onFlush(items);
    } catch (error) {
      params.onError?.(error, items);
    }
  }
  async function flushKey(key) {
    const entry = waiting.get(key);
    if (!entry) return;
    waiting.delete(key);
    clearTimeout(entry.timer);
    await flush(entry.items);
  }
  async function enqueue(item) {
    const key = params.buildKey(item);
    const wait = params.debounceMs > 0 && (params.shouldDebounce?.(item) ?? true);
    if (!wait || !key) {
      if (key) await flushKey(key);
      return flush([item]);
    }
    const entry = waiting.get(key) ?? { items: [], timer: undefined };
    entry.items.push(item);
    clearTimeout(entry.timer);
    entry.timer = setTimeout(() => flushKey(key), params.debounceMs);
    waiting.set(key, entry);
  }
  return { enqueue, flushKey };
}

export const debounce = { createInboundDebouncer, resolveInboundDebounceMs };
