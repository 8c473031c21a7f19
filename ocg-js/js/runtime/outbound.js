/** Messages that the gateway sends outside a turn (plugin contract §4.3, `outbound`). */
import { getRuntimeConfig } from "ocg:runtime/config";
import { channelPlugin } from "ocg:runtime/plugin-registry";

/**
 * @param {{ channel: string, account: string, to: string, thread: string | null,
 *   replyTo: string | null, text: string, media: string[] }} params
 */
export async function deliverOutbound(params) {
  const { outbound } = channelPlugin(params.channel);
  if (!outbound?.sendText) throw new Error(`channel ${params.channel} cannot send messages`);
  const ctx = {
    cfg: getRuntimeConfig(),
    to: params.to,
    text: params.text,
    accountId: params.account,
    threadId: params.thread ?? undefined,
    replyToId: params.replyTo ?? undefined,
  };
  if (params.media.length === 0) return receipt(await outbound.sendText(ctx));
  if (!outbound.sendMedia) throw new Error(`channel ${params.channel} cannot send files`);
  let result;
  for (const [index, mediaUrl] of params.media.entries()) {
    result = await outbound.sendMedia({ ...ctx, mediaUrl, text: index === 0 ? ctx.text : "" });
  }
  return receipt(result);
}

function receipt(result) {
  return { messageId: result?.messageId || null };
}
