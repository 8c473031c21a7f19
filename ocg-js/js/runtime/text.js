/** The `channel.text` branch: limits and pieces of messages. Replies are split before they reach a plugin. */
import { commands } from "ocg:runtime/commands";
import { resolveChunkMode, resolveTextChunkLimit } from "ocg:runtime/chunk-settings";
import { chunkText, chunkTextWithMode } from "ocg:runtime/chunks";
import { chunkMarkdownText, chunkMarkdownTextWithMode } from "ocg:runtime/markdown-chunks";
import { convertMarkdownTables, resolveMarkdownTableMode } from "ocg:runtime/tables";

export const text = {
  resolveTextChunkLimit,
  resolveChunkMode,
  chunkText,
  chunkTextWithMode,
  chunkMarkdownText,
  chunkMarkdownTextWithMode,
  convertMarkdownTables,
  resolveMarkdownTableMode,
  hasControlCommand: commands.hasControlCommand,
};
