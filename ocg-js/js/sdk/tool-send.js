/** Send actions among tool calls. */

/**
 * Target of a send action, or null when the arguments are another action.
 *
 * @param {Record<string, unknown>} args
 */
export function extractToolSend(args, expectedAction = "sendMessage") {
  if (typeof args.action !== "string" || args.action.trim() !== expectedAction) return null;
  if (typeof args.to !== "string" || !args.to) return null;
  const thread = typeof args.threadId === "number" ? String(args.threadId) : args.threadId;
  return {
    to: args.to,
    accountId: typeof args.accountId === "string" ? args.accountId.trim() : undefined,
    threadId: (typeof thread === "string" && thread.trim()) || undefined,
    ...(args.topLevel === true || args.threadId === null ? { threadSuppressed: true } : {}),
  };
}
