/** Events that must not be handled twice, even after a restart. */
import { openSyncKeyedStore } from "ocg:runtime/state";

/**
 * A guard over what an event is known by. Who claims an event handles it and then commits or
 * releases it; what is committed is kept in the plugin's keyed store.
 *
 * @param {{ dedupe: Record<string, any>, buildReplayKey: (event: object) => unknown,
 *   namespace?: (event: object) => string | undefined }} params
 */
export function createChannelReplayGuard({ dedupe, buildReplayKey, namespace }) {
  const committed = committedKeys(dedupe);
  /** Claimed keys, with who waits for their outcome. @type {Map<string, PromiseWithResolvers>} */
  const claims = new Map();

  const keysOf = (event) => {
    const keys = [buildReplayKey(event)].flat().map((key) => key?.trim());
    return [...new Set(keys.filter(Boolean))];
  };
  const spaceOf = (event, options) => options?.namespace ?? namespace?.(event) ?? "global";

  async function claim(event, options) {
    const keys = keysOf(event);
    if (keys.length === 0) return { kind: "invalid" };
    const space = spaceOf(event, options);
    const waiting = keys.map((key) => claims.get(`${space}\0${key}`)?.promise).filter(Boolean);
    if (waiting.length > 0) {
      const pending = Promise.all(waiting).then((outcomes) => outcomes.some(Boolean));
      pending.catch(() => {});
      return { kind: "inflight", pending };
    }
    const fresh = keys.filter((key) => !committed.has(space, key));
    if (fresh.length === 0) return { kind: "duplicate" };
    return { kind: "claimed", handle: take(space, fresh) };
  }

  function take(space, keys) {
    for (const key of keys) {
      const outcome = Promise.withResolvers();
      outcome.promise.catch(() => {});
      claims.set(`${space}\0${key}`, outcome);
    }
    let state = "claimed";
    let committing;
    const end = (settle) => {
      for (const key of keys) {
        settle(claims.get(`${space}\0${key}`));
        claims.delete(`${space}\0${key}`);
      }
    };
    return {
      keys: Object.freeze([...keys]),
      commit(options) {
        if (state === "released") return Promise.resolve(false);
        committing ??= (async () => {
          try {
            for (const key of keys) committed.add(space, key);
          } catch (error) {
            // Who asked to be told decides; without, the event is only remembered until the end.
            (options?.onDiskError ?? dedupe.onDiskError)?.(error);
          }
          end((outcome) => outcome?.resolve(true));
          return true;
        })();
        state = "committed";
        return committing;
      },
      release(options) {
        if (state !== "claimed") return;
        state = "released";
        end((outcome) =>
          options?.error ? outcome?.reject(options.error) : outcome?.resolve(false),
        );
      },
    };
  }

  return {
    claim,
    async shouldProcess(event, options) {
      const result = await claim(event, options);
      if (result.kind === "invalid") return true;
      return result.kind === "claimed" && result.handle.commit();
    },
    async processGuarded(event, process, options = {}) {
      const result = await claim(event, options.dedupe);
      if (result.kind === "invalid") return { kind: "processed", value: await process() };
      if (result.kind !== "claimed") return result;
      try {
        const value = await process();
        await result.handle.commit();
        return { kind: "processed", value };
      } catch (error) {
        const decide = options.onError;
        const outcome = typeof decide === "function" ? decide(error) : decide;
        if (outcome === "commit") await result.handle.commit();
        else result.handle.release({ error });
        throw error;
      }
    },
    hasRecent: async (event, options) =>
      keysOf(event).some((key) => committed.has(spaceOf(event, options), key)),
    async forget(event, options) {
      const space = spaceOf(event, options);
      const free = keysOf(event).filter((key) => !claims.has(`${space}\0${key}`));
      return free.map((key) => committed.delete(space, key)).some(Boolean);
    },
    warmup: async () => 0,
    clearMemory() {},
  };
}

/** Keys that were committed, in the plugin's keyed store. */
function committedKeys({ namespacePrefix = "dedupe", stateMaxEntries, ttlMs }) {
  const stores = new Map();
  const storeOf = (space) => {
    if (!stores.has(space)) {
      stores.set(
        space,
        openSyncKeyedStore({
          namespace: `${namespacePrefix}.${space}`,
          maxEntries: stateMaxEntries,
          defaultTtlMs: ttlMs > 0 ? ttlMs : undefined,
        }),
      );
    }
    return stores.get(space);
  };
  return {
    has: (space, key) => storeOf(space).lookup(key) !== undefined,
    add: (space, key) => storeOf(space).register(key, { at: Date.now() }),
    delete: (space, key) => storeOf(space).delete(key),
  };
}
