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
  if (params.media.length === 0) return sendText(outbound, ctx);
  if (!outbound.sendMedia) throw new Error(`channel ${params.channel} cannot send files`);
  let result;
  for (const [index, mediaUrl] of params.media.entries()) {
    const text = index === 0 ? ctx.text : "";
    result = receipt(await outbound.sendMedia({ ...ctx, mediaUrl, text }));
  }
  return result;
}

/**
 * The messages that a text makes.
 *
 * @param {Record<string, any>} outbound the plugin's adapter
 * @param {string} text
 * @returns {string[]}
 */
export function piecesOf(outbound, text) {
  const limit = outbound.textChunkLimit;
  return outbound.chunker && limit > 0 ? outbound.chunker(text, limit) : [text];
}

/** Sends a text, in the pieces that the plugin wants it in. */
async function sendText(outbound, ctx) {
  const text = outbound.sanitizeText?.({ text: ctx.text, payload: { text: ctx.text } }) ?? ctx.text;
  const pieces = piecesOf(outbound, text);
  let result;
  for (const [index, piece] of pieces.entries()) {
    try {
      result = receipt(await outbound.sendText({ ...ctx, text: piece }));
    } catch (error) {
      if (index === 0) throw error;
      const part = `part ${index + 1} of ${pieces.length}: ${error?.message ?? error}`;
      throw new Error(part, { cause: error });
    }
  }
  if (!result) throw new Error("nothing of the text is left to send");
  return result;
}

/** Some plugins throw when they cannot send, some put the reason into the result. */
function receipt(result) {
  const reason = result?.meta?.error ?? result?.error;
  if (reason) throw reason instanceof Error ? reason : new Error(String(reason));
  return { messageId: result?.messageId || null };
}
