/** Replies that say nothing, and pieces of replies. */
export { SILENT_REPLY_TOKEN, isSilentReplyPayloadText } from "ocg:runtime/silence";
export { resolveChunkMode, resolveTextChunkLimit } from "ocg:runtime/chunk-settings";
export { chunkByParagraph, chunkText, chunkTextWithMode } from "ocg:runtime/chunks";
export { chunkMarkdownTextWithMode } from "ocg:runtime/markdown-chunks";
