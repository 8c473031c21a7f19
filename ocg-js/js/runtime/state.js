/** The `state` branch: what plugins keep (plugin contract §6.2). The gateway holds it. */
import { hostCallSync } from "ocg:host";
import { normalizeAccountId } from "openclaw/plugin-sdk/account-id";
import { currentChannel } from "ocg:runtime/plugin-registry";
import { resolveStateDir } from "ocg:runtime/state-dir";

const parsed = (json) => (json == null ? undefined : JSON.parse(json));

/** A value as JSON; what JSON cannot say must not be lost silently. */
function asJson(value, what) {
  const json = JSON.stringify(value);
  if (json === undefined) throw new TypeError(`${what} cannot be stored: it is no JSON value`);
  return json;
}

/** How often a change is tried again when somebody else changes the same key. */
const MAX_CONFLICTS = 100;

/**
 * @param {{ namespace: string, maxEntries?: number, defaultTtlMs?: number,
 *   overflowPolicy?: "evict-oldest" | "reject-new" }} options
 */
export function openSyncKeyedStore(options) {
  const { namespace, maxEntries, defaultTtlMs, overflowPolicy } = options;
  const store = { namespace, maxEntries, defaultTtlMs, rejectNew: overflowPolicy === "reject-new" };
  const call = (action, args = {}) => hostCallSync("state.keyed", { ...store, action, ...args });

  const observe = (key) => {
    const { value, comparison } = call("observe", { key });
    return { value: parsed(value), comparison };
  };

  const compareAndApply = (key, comparison, intent) => {
    const at = { key, comparison };
    const result =
      intent.kind === "set"
        ? call("set", { ...at, value: asJson(intent.value, key), ttlMs: intent.ttlMs })
        : call(intent.kind === "delete" ? "remove" : "keep", at);
    if (result.kind !== "conflict") return result;
    return {
      kind: "conflict",
      current: { ...result.current, value: parsed(result.current.value) },
    };
  };

  /** Observes, asks, applies, until nobody was in between. */
  const change = (key, decide) => {
    for (let tries = 0; tries < MAX_CONFLICTS; tries++) {
      const { value, comparison } = observe(key);
      const result = compareAndApply(key, comparison, decide(value));
      if (result.kind !== "conflict") return result.kind === "applied";
    }
    throw new Error(`${namespace}/${key} is changed too often by others`);
  };

  return {
    register(key, value, { ttlMs } = {}) {
      call("register", { key, value: asJson(value, key), ttlMs });
    },
    registerIfAbsent: (key, value, { ttlMs } = {}) =>
      call("registerIfAbsent", { key, value: asJson(value, key), ttlMs }),
    lookup: (key) => parsed(call("lookup", { key })),
    consume: (key) => parsed(call("consume", { key })),
    delete: (key) => call("delete", { key }),
    deleteIf: (key, test) =>
      change(key, (value) => ({
        kind: value !== undefined && test(value) ? "delete" : "keep",
      })),
    update: (key, next, { ttlMs } = {}) =>
      change(key, (value) => {
        const changed = next(value);
        return changed === undefined ? { kind: "keep" } : { kind: "set", value: changed, ttlMs };
      }),
    observe,
    compareAndApply: (key, comparison, intent) => compareAndApply(key, comparison, intent),
    entries: () => call("entries").map((entry) => ({ ...entry, value: parsed(entry.value) })),
    count: () => call("count"),
    clear() {
      call("clear");
    },
  };
}

const wrap =
  (method) =>
  async (...args) =>
    method(...args);

/** Most entries of a retained store: in OpenClaw it has no limit, here the disk has one. */
const MAX_RETAINED = 10_000;

/** A store for what stays until it is deleted lies beside the one with the same name that forgets. */
const placed = (options) =>
  options.retention === "retained"
    ? { maxEntries: MAX_RETAINED, ...options, namespace: `${options.namespace}.retained` }
    : options;

/** The same store with promises, and with access to ranges of keys. */
export function openKeyedStore(options) {
  const store = openSyncKeyedStore(placed(options));
  const ranged = {
    ...store,
    /** Entries from one key to before another, in the order of keys. */
    entriesInKeyRange({ keyStartInclusive, keyEndExclusive, limit, order = "asc" }) {
      const found = store
        .entries()
        .filter(({ key }) => key >= keyStartInclusive && key < keyEndExclusive)
        .toSorted((one, other) => (one.key < other.key ? -1 : 1));
      return (order === "desc" ? found.toReversed() : found).slice(0, limit);
    },
    /** Takes entries over from another store of the plugin; what is here already stays. */
    moveEntriesFrom({ namespace, entries }) {
      const source = openSyncKeyedStore({ namespace });
      for (const { sourceKey, targetKey } of entries) {
        const value = source.lookup(sourceKey);
        if (value === undefined) continue;
        store.registerIfAbsent(targetKey, value);
        source.delete(sourceKey);
      }
    },
  };
  return Object.fromEntries(Object.entries(ranged).map(([name, method]) => [name, wrap(method)]));
}

const record = (raw) =>
  raw && {
    ...Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== null)),
    payload: raw.payload ? JSON.parse(raw.payload) : undefined,
    metadata: parsed(raw.metadata),
  };

/** A claim is named by the record that was claimed, or by its id alone. */
const claimed = (ref) =>
  typeof ref === "string"
    ? { id: ref, token: undefined }
    : { id: ref.id, token: ref.claim?.token ?? ref.token };

const byId = (options) => options?.orderBy === "id";

/**
 * A queue of events that a platform delivers once, each handled until it is completed.
 *
 * @param {{ accountId?: string, channelId?: string }} options
 */
export function openChannelIngressQueue(options = {}) {
  const channel = options.channelId ?? options.channel ?? currentChannel();
  const account = normalizeAccountId(options.accountId);
  const ownerId = options.ownerId ?? `ocg-${process.pid}`;
  const call = (action, args = {}) =>
    hostCallSync("state.ingress", { channel, account, action, ...args });
  return {
    async enqueue(id, payload, { metadata, receivedAt, laneKey } = {}) {
      const { kind, record: raw } = call("enqueue", {
        id,
        payload: asJson(payload, id),
        metadata: metadata === undefined ? undefined : asJson(metadata, id),
        receivedAt,
        laneKey,
      });
      return { kind, duplicate: kind !== "accepted", record: record(raw) };
    },
    listPending: async (list = {}) =>
      call("listPending", { limit: finite(list.limit), byId: byId(list) }).map(record),
    listClaims: async () => call("listClaims").map(record),
    listFailed: async (list = {}) => call("listFailed", { limit: finite(list.limit) }).map(record),
    claimNext: async (filter = {}) =>
      record(
        call("claimNext", {
          ownerId: filter.ownerId ?? ownerId,
          blockedLanes: [...(filter.blockedLaneKeys ?? [])],
          candidates: filter.candidateIds ? [...filter.candidateIds] : undefined,
          byId: byId(filter),
        }),
      ),
    claim: async (id, claim = {}) =>
      record(call("claim", { id, ownerId: claim.ownerId ?? ownerId })),
    refreshClaim: async (ref, { refreshedAt } = {}) =>
      call("refreshClaim", { ...claimed(ref), at: refreshedAt }),
    complete: async (ref, { metadata, completedAt } = {}) =>
      call("complete", {
        ...claimed(ref),
        metadata: metadata === undefined ? undefined : asJson(metadata, "metadata"),
        at: completedAt,
      }),
    release: async (ref, { lastError, recordAttempt = true, releasedAt } = {}) =>
      call("release", { ...claimed(ref), lastError, recordAttempt, at: releasedAt }),
    fail: async (ref, { reason = "failed", message, failedAt } = {}) =>
      call("fail", { ...claimed(ref), reason, message, at: failedAt }),
    resubmitFailed: async (id) => record(call("resubmit", { id })),
    delete: async (ref) => call("delete", claimed(ref)),
    async recoverStaleClaims({ staleMs = 0, now = Date.now(), shouldRecover } = {}) {
      if (!shouldRecover) return call("recoverStaleClaims", { staleMs, now });
      const stale = call("listClaims")
        .map(record)
        .filter((claim) => now - claim.claim.claimedAt >= staleMs && shouldRecover(claim));
      for (const claim of stale) call("release", { ...claimed(claim), recordAttempt: false });
      return stale.length;
    },
    prune: async (limits = {}) =>
      call("prune", {
        pendingTtlMs: finite(limits.pendingTtlMs),
        completedTtlMs: finite(limits.completedTtlMs),
        failedTtlMs: finite(limits.failedTtlMs),
        pendingMax: finite(limits.pendingMaxEntries),
        completedMax: finite(limits.completedMaxEntries),
        failedMax: finite(limits.failedMaxEntries),
        protected: [...(limits.protectedIds ?? [])],
        now: limits.now,
      }),
  };
}

const finite = (value) => (Number.isFinite(value) ? Math.trunc(value) : undefined);

export const state = {
  resolveStateDir,
  openKeyedStore,
  openSyncKeyedStore,
  openChannelIngressQueue,
};
