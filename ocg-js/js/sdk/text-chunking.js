/** Text of agents, as a chat shows it. */
export { sanitizeAssistantVisibleText } from "ocg:runtime/visible-text";
