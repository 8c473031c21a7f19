/** What happens to a reply between the gateway and a plugin's deliver (plugin contract §3.2). */

/**
 * Applies the plugin's transformations. Returns null when the plugin drops the payload.
 *
 * @param {{ text?: string, mediaUrls?: string[], isError?: boolean }} payload
 * @param {Record<string, any>} options the plugin's dispatcher options
 * @param {"block" | "final"} kind
 */
export async function preparePayload(payload, options, kind) {
  let next = payload;
  if (next.mediaUrls?.length) next = { ...next, mediaUrl: next.mediaUrls[0] };
  for (const transform of [options.transformReplyPayload, options.beforeDeliver]) {
    if (!transform) continue;
    next = await transform(next, { kind });
    if (!next) {
      options.onSkip?.(payload, { kind, reason: "channel_transform" });
      return null;
    }
  }
  const prefix = options.responsePrefix;
  if (prefix && next.text && !next.text.startsWith(prefix)) {
    next = { ...next, text: `${prefix} ${next.text}` };
  }
  return next;
}
