/** Requests that are no message to the agent, and pieces of replies. */
export { isAbortRequestText, isBtwRequestText } from "ocg:runtime/requests";
export { resolveChunkMode, resolveTextChunkLimit } from "ocg:runtime/chunk-settings";
export { chunkText, chunkTextWithMode } from "ocg:runtime/chunks";
export { chunkMarkdownText, chunkMarkdownTextWithMode } from "ocg:runtime/markdown-chunks";

/** A name for a conversation, which an agent engine's model would think of. (inert) */
export const generateConversationLabel = async () => undefined;
