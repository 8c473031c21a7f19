/** Message contexts: how plugins describe a message, and what the gateway takes of it. */
import { extname } from "node:path";

import { getRuntimeConfig } from "ocg:runtime/config";
import { mimeForExtension } from "ocg:runtime/mime";
import { filesNamedIn } from "ocg:runtime/named-files";
import { findChannelPlugin } from "ocg:runtime/plugin-registry";

const POLICIES = ["open", "allowlist", "pairing", "disabled"];

/**
 * Completes a message context in place (plugin contract §3.2, `finalizeInboundContext`).
 *
 * @param {Record<string, any>} ctx
 */
export function finalizeInboundContext(ctx) {
  for (const field of ["Body", "RawBody", "CommandBody", "BodyForAgent", "BodyForCommands"]) {
    if (typeof ctx[field] === "string") ctx[field] = ctx[field].replace(/\r\n?/g, "\n");
  }
  const raw = ctx.RawBody ?? ctx.Transcript ?? ctx.Body ?? "";
  ctx.Body ??= raw;
  ctx.BodyForAgent ??= ctx.CommandBody ?? raw;
  ctx.BodyForCommands ??= ctx.CommandBody ?? raw;
  ctx.ConversationLabel ??= ctx.GroupSubject ?? ctx.SenderName ?? ctx.From;
  ctx.CommandAuthorized = ctx.CommandAuthorized === true;
  if (ctx.MediaPath || ctx.MediaUrl) ctx.MediaType ??= "application/octet-stream";
  return ctx;
}

/**
 * The gateway's view of a message context.
 *
 * @param {Record<string, any>} ctx
 * @param {Record<string, any>} replyOptions
 */
export function toInboundMessage(ctx, replyOptions) {
  const channel = ctx.OriginatingChannel ?? ctx.Provider;
  const from = ctx.From ?? ctx.SenderId ?? "";
  const text = ctx.BodyForAgent ?? ctx.Body ?? ctx.CommandBody ?? ctx.RawBody ?? "";
  return {
    channel,
    account: ctx.AccountId ?? "default",
    sessionKey: ctx.SessionKey ?? `${channel}:${from}`,
    messageId: ctx.MessageSidFull ?? ctx.MessageSid ?? null,
    from,
    chat: {
      kind: chatKind(ctx.ChatType),
      id: String(ctx.OriginatingTo ?? ctx.To ?? from),
      thread: ctx.MessageThreadId == null ? null : String(ctx.MessageThreadId),
      label: ctx.ConversationLabel ?? null,
    },
    sender: { id: String(ctx.SenderId ?? from), name: ctx.SenderName ?? null },
    text,
    quote: quote(ctx),
    media: withNamed(media(ctx), text, ctx),
    blocks: replyOptions.disableBlockStreaming !== true,
    policy: announcedPolicy(channel, ctx.AccountId ?? "default"),
    liveDraft: typeof replyOptions.onPartialReply === "function",
  };
}

/**
 * Who may write in direct chats, as the plugin announces it. Some plugins only announce their
 * policy and let everybody in: the gateway enforces it.
 */
function announcedPolicy(channel, accountId) {
  const security = findChannelPlugin(channel)?.security;
  if (!security?.resolveDmPolicy) return null;
  const cfg = getRuntimeConfig();
  const account = findChannelPlugin(channel).config.resolveAccount(cfg, accountId);
  const announced = security.resolveDmPolicy({ cfg, accountId, account });
  if (!POLICIES.includes(announced?.policy)) return null;
  const normalize = announced.normalizeEntry ?? ((entry) => entry);
  const allowFrom = (announced.allowFrom ?? []).map((entry) => normalize(String(entry).trim()));
  return { dmPolicy: announced.policy, allowFrom };
}

function chatKind(type) {
  return type === "group" || type === "channel" ? type : "direct";
}

function quote(ctx) {
  const text = ctx.ReplyToQuoteText ?? ctx.ReplyToBody;
  return text ? { text, sender: ctx.ReplyToSender ?? null } : null;
}

function media(ctx) {
  if (Array.isArray(ctx.media) && ctx.media.some((item) => item.path)) {
    return ctx.media
      .filter((item) => item.path)
      .map((item) => mediaItem(item.path, item.contentType, item.fileName));
  }
  const paths = ctx.MediaPaths ?? (ctx.MediaPath ? [ctx.MediaPath] : []);
  const types = ctx.MediaTypes ?? [ctx.MediaType];
  return paths.map((path, index) => mediaItem(path, types[index]));
}

/** Adds the received files that only the text names. */
function withNamed(items, text, ctx) {
  const typed = `${ctx.RawBody ?? ""}\n${ctx.CommandBody ?? ""}`;
  const known = items.map((item) => item.path);
  const named = filesNamedIn(text, typed, known);
  return [
    ...items,
    ...named.map((path) => mediaItem(path, mimeForExtension(extname(path).toLowerCase()))),
  ];
}

function mediaItem(path, mime, name) {
  return { path, mime: mime ?? "application/octet-stream", name: name ?? null };
}
