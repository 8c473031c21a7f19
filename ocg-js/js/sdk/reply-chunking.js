/** Replies that say nothing. */
export { SILENT_REPLY_TOKEN, isSilentReplyPayloadText } from "ocg:runtime/silence";
