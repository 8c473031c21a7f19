/** The `channel.runtimeContexts` branch: objects that a plugin keeps for the life of an account. */

/** @type {Map<string, object>} */
const contexts = new Map();

const keyOf = ({ channelId, accountId, capability }) =>
  [channelId, accountId ?? "", capability].join("\n");

/**
 * Keeps a context until the lease is disposed or the account ends.
 *
 * @param {{ channelId: string, accountId?: string, capability: string, context: unknown,
 *   abortSignal?: AbortSignal }} params
 */
function register(params) {
  const key = keyOf(params);
  const entry = { context: params.context };
  contexts.set(key, entry);
  const dispose = () => {
    if (contexts.get(key) === entry) contexts.delete(key);
  };
  params.abortSignal?.addEventListener("abort", dispose, { once: true });
  return { dispose };
}

export const runtimeContexts = {
  register,
  get: (params) => contexts.get(keyOf(params))?.context,
  watch: () => () => {},
};
