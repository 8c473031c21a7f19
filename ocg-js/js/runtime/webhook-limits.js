/** How often somebody may call a webhook, and how often he did what he should not. */

export const WEBHOOK_RATE_LIMIT_DEFAULTS = Object.freeze({
  windowMs: 60_000,
  maxRequests: 120,
  maxTrackedKeys: 4096,
});

export const WEBHOOK_ANOMALY_COUNTER_DEFAULTS = Object.freeze({
  maxTrackedKeys: 4096,
  ttlMs: 6 * 60 * 60 * 1000,
  logEvery: 25,
});

export const WEBHOOK_ANOMALY_STATUS_CODES = Object.freeze([400, 401, 408, 413, 415, 429]);

export const WEBHOOK_IN_FLIGHT_DEFAULTS = Object.freeze({
  maxInFlightPerKey: 8,
  maxTrackedKeys: 4096,
});

/** A whole number not below `least`. */
export function wholeNumber(value, fallback, least) {
  return Math.max(least, Math.floor(Number.isFinite(value) ? value : fallback));
}

/** Entries by key, of which the one that was not touched for longest goes first. */
class Recent {
  #entries = new Map();
  #prunedAt = 0;

  /**
   * @param {number} most
   * @param {number} pruneEveryMs
   * @param {(entry: object, now: number) => boolean} isOver
   */
  constructor(most, pruneEveryMs, isOver) {
    Object.assign(this, { most, pruneEveryMs, isOver });
  }

  /** The entry of a key, unless its time is over. */
  get(key, now) {
    if (now - this.#prunedAt >= this.pruneEveryMs) {
      for (const [other, entry] of this.#entries)
        if (this.isOver(entry, now)) this.#entries.delete(other);
      this.#prunedAt = now;
    }
    const entry = this.#entries.get(key);
    return entry && !this.isOver(entry, now) ? entry : undefined;
  }

  set(key, entry) {
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.most) return;
      this.#entries.delete(oldest);
    }
  }

  get size() {
    return this.#entries.size;
  }

  clear() {
    this.#entries.clear();
    this.#prunedAt = 0;
  }
}

/** Lets each key through so many times per window. */
export function createFixedWindowRateLimiter(options = {}) {
  const defaults = WEBHOOK_RATE_LIMIT_DEFAULTS;
  const windowMs = wholeNumber(options.windowMs, defaults.windowMs, 1);
  const maxRequests = wholeNumber(options.maxRequests, defaults.maxRequests, 1);
  const windows = new Recent(
    wholeNumber(options.maxTrackedKeys, defaults.maxTrackedKeys, 1),
    wholeNumber(options.pruneIntervalMs, windowMs, 1),
    ({ start }, now) => now - start >= windowMs,
  );
  return {
    isRateLimited(key, now = Date.now()) {
      if (!key) return false;
      const { start, count } = windows.get(key, now) ?? { start: now, count: 0 };
      windows.set(key, { start, count: count + 1 });
      return count + 1 > maxRequests;
    },
    size: () => windows.size,
    clear: () => windows.clear(),
  };
}

/** Counts events by key; a key that was quiet for `ttlMs` starts anew. */
export function createBoundedCounter(options = {}) {
  const ttlMs = wholeNumber(options.ttlMs, 0, 0);
  const counts = new Recent(
    wholeNumber(options.maxTrackedKeys, WEBHOOK_ANOMALY_COUNTER_DEFAULTS.maxTrackedKeys, 1),
    wholeNumber(options.pruneIntervalMs, ttlMs > 0 ? ttlMs : 60_000, 1),
    ({ at }, now) => ttlMs > 0 && now - at >= ttlMs,
  );
  return {
    increment(key, now = Date.now()) {
      if (!key) return 0;
      const count = (counts.get(key, now)?.count ?? 0) + 1;
      counts.set(key, { count, at: now });
      return count;
    },
    size: () => counts.size,
    clear: () => counts.clear(),
  };
}

/** Counts refused requests and logs the first and every so many. */
export function createWebhookAnomalyTracker(options = {}) {
  const defaults = WEBHOOK_ANOMALY_COUNTER_DEFAULTS;
  const every = wholeNumber(options.logEvery, defaults.logEvery, 1);
  const codes = new Set(options.trackedStatusCodes ?? WEBHOOK_ANOMALY_STATUS_CODES);
  const counter = createBoundedCounter({
    maxTrackedKeys: wholeNumber(options.maxTrackedKeys, defaults.maxTrackedKeys, 1),
    ttlMs: wholeNumber(options.ttlMs, defaults.ttlMs, 0),
  });
  return {
    record({ key, statusCode, message, log, nowMs }) {
      if (!codes.has(statusCode)) return 0;
      const count = counter.increment(key, nowMs);
      if (log && (count === 1 || count % every === 0)) log(message(count));
      return count;
    },
    size: counter.size,
    clear: counter.clear,
  };
}

/** Lets each key have so many requests at the same time. */
export function createWebhookInFlightLimiter(options = {}) {
  const defaults = WEBHOOK_IN_FLIGHT_DEFAULTS;
  const most = wholeNumber(options.maxInFlightPerKey, defaults.maxInFlightPerKey, 1);
  const keys = wholeNumber(options.maxTrackedKeys, defaults.maxTrackedKeys, 1);
  const active = new Map();
  return {
    tryAcquire(key) {
      if (!key) return true;
      const count = active.get(key) ?? 0;
      if (count >= most) return false;
      active.set(key, count + 1);
      for (const oldest of active.keys()) {
        if (active.size <= keys) break;
        active.delete(oldest);
      }
      return true;
    },
    release(key) {
      const count = active.get(key);
      if (count === undefined) return;
      if (count <= 1) active.delete(key);
      else active.set(key, count - 1);
    },
    size: () => active.size,
    clear: () => active.clear(),
  };
}
