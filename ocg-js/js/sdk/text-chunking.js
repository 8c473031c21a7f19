/** Text of agents, as a chat shows it. */
export { chunkTextForOutbound } from "ocg:runtime/chunks";
export { sanitizeAssistantVisibleText } from "ocg:runtime/visible-text";
