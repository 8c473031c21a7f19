/** Message hooks: OCG runs none, so these only shape what a hook would get. */

/**
 * Runs a hook without waiting for it; a failure is logged.
 *
 * @param {Promise<unknown>} task
 * @param {string} label
 * @param {(message: string) => void} [logger]
 */
export function fireAndForgetHook(task, label, logger = (message) => console.warn(message)) {
  task.catch((error) => logger(`${label}: ${error}`));
}

/** A sent message in the form that all hooks share. */
export function buildCanonicalSentMessageHookContext(params) {
  return { ...params, conversationId: params.conversationId ?? params.to };
}

/** The context that a message hook gets. */
export function toPluginMessageContext(canonical) {
  const { channelId, accountId, conversationId, sessionKey, runId, messageId, senderId } =
    canonical;
  return { channelId, accountId, conversationId, sessionKey, runId, messageId, senderId };
}

/** The event that a `message_sent` hook gets. */
export function toPluginMessageSentEvent(canonical) {
  const { to, content, success, error, messageId, sessionKey, runId } = canonical;
  return { to, content, success, error, messageId, sessionKey, runId };
}

/** Hooks of an agent engine: nobody listens. */
export async function triggerInternalHook() {}
