/** What was said in a group since the bot last answered. */

const MAX_KEYS = 1000;
const MAX_MEDIA = 4;
const SINCE_REPLY = "[Chat messages since your last reply - for context]";
const CURRENT = "[Current message - respond to this]";

/**
 * A window over a map of entries by chat. The map belongs to the caller.
 *
 * @param {{ historyMap: Map<string, object[]> }} params
 */
export function createChannelHistoryWindow({ historyMap }) {
  return {
    record: (params) => record(historyMap, params),
    recordWithMedia: (params) => recordWithMedia(historyMap, params),
    buildPendingContext(params) {
      const { historyKey, limit, currentMessage, formatEntry, lineBreak = "\n" } = params;
      const entries = limit > 0 ? (historyMap.get(historyKey) ?? []) : [];
      const history = entries.map(formatEntry).join(lineBreak);
      if (!history.trim()) return currentMessage;
      return [SINCE_REPLY, history, "", CURRENT, currentMessage].join(lineBreak);
    },
    buildInboundHistory({ historyKey, limit }) {
      if (limit <= 0) return undefined;
      return (historyMap.get(historyKey) ?? []).map(
        ({ sender, body, timestamp, messageId, media }) => ({
          sender,
          body,
          timestamp,
          ...(messageId ? { messageId } : {}),
          ...(media?.length ? { media } : {}),
        }),
      );
    },
    clear({ historyKey, limit }) {
      if (limit > 0) historyMap.set(historyKey, []);
    },
  };
}

function record(historyMap, { historyKey, entry, limit }) {
  if (!entry || limit <= 0) return [];
  const entries = historyMap.get(historyKey) ?? [];
  entries.push(entry);
  entries.splice(0, Math.max(0, entries.length - limit));
  historyMap.delete(historyKey);
  historyMap.set(historyKey, entries);
  if (historyMap.size > MAX_KEYS) historyMap.delete(historyMap.keys().next().value);
  return entries;
}

async function recordWithMedia(historyMap, params) {
  const wanted = () => params.shouldRecord?.() !== false;
  if (!params.entry || params.limit <= 0 || !wanted()) return [];
  const later = typeof params.media === "function";
  const entry = later ? params.entry : withImages(params.entry, params.media, params);
  const entries = record(historyMap, { ...params, entry });
  if (!later) return entries;
  const found = await params.media();
  const at = wanted() ? (historyMap.get(params.historyKey)?.indexOf(entry) ?? -1) : -1;
  if (at >= 0) historyMap.get(params.historyKey)[at] = withImages(entry, found, params);
  return entries;
}

/** The entry with those files that are local images. */
function withImages(entry, files, { mediaLimit = MAX_MEDIA, messageId }) {
  const images = (files ?? [])
    .filter(({ path, kind, contentType }) => {
      const image = kind && kind !== "unknown" ? kind : contentType?.split("/")[0];
      const isLocal = path && !/^[a-z][a-z0-9+.-]+:/i.test(path.trim());
      return isLocal && (image === "image" || image === "sticker");
    })
    .slice(0, Math.max(0, mediaLimit))
    .map((file) => ({
      path: file.path.trim(),
      contentType: file.contentType,
      kind: file.kind === "sticker" ? "sticker" : "image",
      messageId: file.messageId ?? messageId ?? entry.messageId,
    }));
  return images.length > 0 ? { ...entry, media: images } : entry;
}
