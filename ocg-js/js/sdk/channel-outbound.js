/** Messages that channels send. */

/** A message adapter; messages that it receives are handed over by the plugin itself. */
export function defineChannelMessageAdapter(adapter) {
  return {
    ...adapter,
    receive: adapter.receive ?? {
      defaultAckPolicy: "manual",
      supportedAckPolicies: ["manual"],
    },
  };
}

/** What makes a result name a message, in order. */
const IDS = ["messageId", "chatId", "channelId", "roomId", "conversationId", "toJid", "pollId"];

const trimmed = (value) => (value == null ? "" : String(value).trim()) || undefined;

/**
 * One receipt for the platform's results of one message.
 *
 * @param {{ results: object[], kind?: string, threadId?: string, replyToId?: string,
 *   sentAt?: number }} params
 */
export function createMessageReceiptFromOutboundResults(params) {
  const sent = params.results.filter((result) => result.outcome !== "not_sent");
  const requested = trimmed(params.threadId);
  const reply = params.replyToId ? { replyToId: params.replyToId } : {};
  const parts = [];
  const ids = new Set();
  const threads = new Set();
  for (const [index, result] of sent.entries()) {
    const { receipt } = result;
    if (!receipt) {
      const id = sourceId(result);
      if (!id) continue;
      ids.add(id);
      const thread = requested ? { threadId: requested } : {};
      const kind = params.kind ?? "unknown";
      parts.push({ platformMessageId: id, kind, index, ...thread, ...reply, raw: result });
      continue;
    }
    for (const thread of threadsOf(receipt)) threads.add(thread);
    parts.push(...partsOf(receipt, params, requested));
    for (const id of idsOf(receipt)) ids.add(id);
  }
  const platformMessageIds = [...ids];
  const threadId = threads.size > 1 ? undefined : ([...threads][0] ?? requested);
  const first = sent.find((result) => result.receipt)?.receipt;
  const replyToId = params.replyToId ?? first?.replyToId;
  return {
    ...(platformMessageIds[0] ? { primaryPlatformMessageId: platformMessageIds[0] } : {}),
    platformMessageIds,
    parts,
    ...(threadId ? { threadId } : {}),
    ...(replyToId ? { replyToId } : {}),
    sentAt: params.sentAt ?? first?.sentAt ?? Date.now(),
    raw: params.results,
  };
}

function sourceId(result) {
  return IDS.map((name) => trimmed(result[name])).find(Boolean);
}

function threadsOf(receipt) {
  const own = trimmed(receipt.threadId);
  const named = receipt.parts.length
    ? receipt.parts.map((part) => trimmed(part.threadId) ?? own)
    : [own];
  return named.filter(Boolean);
}

function idsOf(receipt) {
  return [
    receipt.primaryPlatformMessageId,
    ...receipt.platformMessageIds,
    ...receipt.parts.map((part) => part.platformMessageId),
  ].filter(Boolean);
}

function partsOf(receipt, params, requested) {
  const threadId = trimmed(receipt.threadId) ?? requested;
  const thread = threadId ? { threadId } : {};
  if (receipt.parts.length === 0) {
    const reply = params.replyToId ? { replyToId: params.replyToId } : {};
    return receipt.platformMessageIds.map((platformMessageId, index) => ({
      platformMessageId,
      kind: params.kind ?? "unknown",
      index,
      ...thread,
      ...reply,
    }));
  }
  const repliesAlready = receipt.parts.some((part) => part.replyToId);
  return receipt.parts.map((part, index) => ({
    ...part,
    index: part.index ?? index,
    ...(trimmed(part.threadId) ? {} : thread),
    ...(params.replyToId && !repliesAlready ? { replyToId: params.replyToId } : {}),
  }));
}

/** Replies go out through the plugin itself: the gateway's outbox stands in front of it. (inert) */
export async function deliverStructuredInboundReplyWithMessageSendContext() {
  return { status: "unsupported", reason: "missing_outbound_handler" };
}
