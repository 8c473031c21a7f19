/** From the facts of a message to its context (plugin contract §3.2). */
import { finalizeInboundContext } from "ocg:runtime/message";

/**
 * Builds and finalizes a message context.
 *
 * @param {Record<string, any>} params
 */
export function buildChannelInboundEventContext(params) {
  const { message, route, reply, conversation, sender, access = {} } = params;
  const { mentions = {} } = access;
  const isDirect = conversation.kind === "direct";
  const provider = params.provider ?? params.channel;
  const context = {
    Body: message.body ?? message.rawBody,
    InboundEventKind: message.inboundEventKind ?? "user_request",
    BodyForAgent: message.bodyForAgent ?? message.rawBody,
    InboundHistory: message.inboundHistory,
    RawBody: message.rawBody,
    CommandBody: message.commandBody ?? message.rawBody,
    BodyForCommands: message.commandBody ?? message.rawBody,
    From: params.from,
    To: reply.to,
    SessionKey: route.dispatchSessionKey ?? route.routeSessionKey,
    AgentId: route.agentId,
    DmScope: route.dmScope,
    AccountId: route.accountId ?? params.accountId,
    ParentSessionKey: route.parentSessionKey,
    ModelParentSessionKey: route.modelParentSessionKey,
    MessageSid: params.messageId,
    MessageSidFull: params.messageIdFull,
    ReplyToId: reply.replyToId,
    ReplyToIdFull: reply.replyToIdFull,
    ChatType: conversation.kind,
    ChatId: conversation.id,
    ConversationRoutePeerId: conversation.routePeer?.id,
    ConversationLabel: conversation.label,
    GroupSubject: isDirect ? undefined : conversation.label,
    GroupSpace: conversation.spaceId,
    SenderName: sender.name ?? sender.displayLabel,
    SenderId: sender.id,
    SenderUsername: sender.username,
    SenderTag: sender.tag,
    SenderIsBot: sender.isBot,
    SenderIsSelf: sender.isSelf === true ? true : undefined,
    MemberRoleIds: sender.roles,
    Timestamp: params.timestamp,
    Provider: provider,
    Surface: params.surface ?? provider,
    WasMentioned: mentions.wasMentioned,
    GroupRequireMention: mentions.requireMention,
    ExplicitlyMentionedBot: mentions.explicitlyMentionedBot,
    MentionedUserIds: mentions.mentionedUserIds,
    ImplicitMentionKinds: mentions.implicitMentionKinds,
    MentionSource: mentions.mentionSource,
    CommandAuthorized: commandAuthorized(access) === true,
    CommandSource: params.command?.kind === "text-slash" ? "text" : params.command?.source,
    MessageThreadId: reply.messageThreadId ?? conversation.threadId,
    NativeChannelId: reply.nativeChannelId ?? conversation.nativeChannelId,
    ConversationAvatar: conversation.avatar,
    ChannelContext: params.channelContext,
    OriginatingChannel: params.channel,
    OriginatingTo: reply.originatingTo ?? reply.to,
    ThreadParentId: reply.threadParentId ?? conversation.parentId,
    InboundAccessAuthorized: true,
    ...supplementalFields(params),
    ...(params.media?.length ? { media: params.media } : {}),
    ...params.extra,
  };
  return (params.finalize ?? finalizeInboundContext)(context, params.finalizeOptions);
}

function commandAuthorized(access) {
  return access.commands?.authorized ?? access.commandAuthorized;
}

/** What was quoted, forwarded or said at a thread's start, as far as its writer may be heard. */
function supplementalFields({ supplemental = {}, contextVisibility, message }) {
  const visible = (part, quoted) => {
    if (!part) return {};
    if (!contextVisibility || contextVisibility === "all" || part.senderAllowed === true)
      return part;
    return quoted && contextVisibility === "allowlist_quote" ? part : {};
  };
  const quote = visible(supplemental.quote, true);
  const forwarded = visible(supplemental.forwarded, false);
  const thread = visible(supplemental.thread, false);
  const prompt = supplemental.groupSystemPrompt ?? message.groupSystemPrompt;
  return {
    ReplyToBody: quote.body,
    ReplyToSender: quote.sender,
    ReplyToIsQuote: quote.isQuote,
    ...(quote.id === undefined ? {} : { ReplyToId: quote.id }),
    ForwardedFrom: forwarded.from,
    ForwardedFromType: forwarded.fromType,
    ForwardedFromId: forwarded.fromId,
    ForwardedDate: forwarded.date,
    ThreadStarterBody: thread.starterBody,
    ThreadHistoryBody: thread.historyBody,
    ThreadLabel: thread.label,
    UntrustedContext: supplemental.untrustedContext,
    GroupSystemPrompt: prompt,
  };
}
