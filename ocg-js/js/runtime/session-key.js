/** What session keys say (plugin contract §6.2). */

const THREAD = ":thread:";

/**
 * The agent of a session key and what follows it, in lower case; null for any other text.
 *
 * @param {string | null | undefined} sessionKey
 */
export function parseAgentSessionKey(sessionKey) {
  const match = /^agent:([^:]+):([^:][^]*)$/.exec((sessionKey ?? "").trim().toLowerCase());
  const agentId = match?.[1].trim();
  return agentId ? { agentId, rest: match[2] } : null;
}

/** The key of a session without its thread, and the thread. */
export function parseThreadSessionSuffix(sessionKey) {
  const key = (sessionKey ?? "").trim();
  if (!key) return { baseSessionKey: undefined, threadId: undefined };
  const at = key.toLowerCase().lastIndexOf(THREAD);
  if (at < 0) return { baseSessionKey: key, threadId: undefined };
  const threadId = key.slice(at + THREAD.length).trim() || undefined;
  return { baseSessionKey: key.slice(0, at), threadId };
}

/** The session of a thread, in the place of the session that the thread is in. */
export function resolveThreadSessionKeys(params) {
  const { baseSessionKey, parentSessionKey, useSuffix = true } = params;
  const threadId = (params.threadId ?? "").trim();
  if (!threadId) return { sessionKey: baseSessionKey, parentSessionKey: undefined };
  const thread = params.normalizeThreadId?.(threadId) ?? threadId.toLowerCase();
  const sessionKey = useSuffix ? `${baseSessionKey}${THREAD}${thread}` : baseSessionKey;
  return { sessionKey, parentSessionKey };
}
