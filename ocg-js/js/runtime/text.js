/** The `channel.text` branch: limits and pieces of messages. Replies are split before they reach a plugin. */
import { commands } from "ocg:runtime/commands";
import { chunkMarkdownText, chunkText } from "ocg:runtime/chunks";
import { convertMarkdownTables, resolveMarkdownTableMode } from "ocg:runtime/tables";

const DEFAULT_LIMIT = 4000;

export const text = {
  resolveTextChunkLimit: (cfg, channel, accountId, options) =>
    cfg?.channels?.[channel]?.textChunkLimit ?? options?.fallbackLimit ?? DEFAULT_LIMIT,
  resolveChunkMode: (cfg, channel, accountId) =>
    cfg?.channels?.[channel]?.accounts?.[accountId]?.chunkMode ??
    cfg?.channels?.[channel]?.chunkMode ??
    "length",
  chunkText,
  chunkTextWithMode: chunkText,
  chunkMarkdownText,
  chunkMarkdownTextWithMode: chunkMarkdownText,
  convertMarkdownTables,
  resolveMarkdownTableMode,
  hasControlCommand: commands.hasControlCommand,
};
