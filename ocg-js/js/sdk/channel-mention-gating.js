/** Whether a group message is meant for the bot (plugin contract §6.1). */

/** Kinds of implicit mention, and the setting that permits each. */
const IMPLICIT = [
  ["reply_to_bot", "replyToBot"],
  ["quoted_bot", "quotedBot"],
  ["bot_thread_participant", "threadParticipation"],
];

/** The kinds that a policy permits: all that it does not switch off. */
export function allowedImplicitMentionKindsFromConfig(config) {
  const kinds = IMPLICIT.filter(([, setting]) => config[setting] !== false).map(([kind]) => kind);
  return [...kinds, "native"];
}

/**
 * Decides whether to skip a message that does not mention the bot.
 *
 * @param {{ facts: object, policy: object } | Record<string, any>} params
 */
export function resolveInboundMentionDecision(params) {
  const nested = "facts" in params && "policy" in params;
  const { facts, policy } = nested ? params : { facts: params, policy: params };
  const permitted =
    policy.allowedImplicitMentionKinds ??
    (policy.implicitMentions && allowedImplicitMentionKindsFromConfig(policy.implicitMentions));
  const kinds = new Set(facts.implicitMentionKinds ?? []);
  const matchedImplicitMentionKinds = [...kinds].filter(
    (kind) => !permitted || permitted.includes(kind),
  );
  const implicitMention = matchedImplicitMentionKinds.length > 0;
  // An authorised command is heard without a mention, unless it mentions somebody else.
  const shouldBypassMention =
    policy.isGroup &&
    policy.requireMention &&
    !facts.wasMentioned &&
    !(facts.hasAnyMention ?? false) &&
    policy.allowTextCommands &&
    policy.commandAuthorized &&
    policy.hasControlCommand;
  const effectiveWasMentioned = facts.wasMentioned || implicitMention || shouldBypassMention;
  return {
    implicitMention,
    matchedImplicitMentionKinds,
    effectiveWasMentioned,
    shouldBypassMention,
    shouldSkip: policy.requireMention && facts.canDetectMention && !effectiveWasMentioned,
  };
}
