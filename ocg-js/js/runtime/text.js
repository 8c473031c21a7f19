/** The `channel.text` branch: limits of messages. Replies are split before they reach a plugin. */

const DEFAULT_LIMIT = 4000;

export const text = {
  resolveTextChunkLimit: (cfg, channel, accountId, options) =>
    cfg?.channels?.[channel]?.textChunkLimit ?? options?.fallbackLimit ?? DEFAULT_LIMIT,
  resolveChunkMode: () => "length",
};
