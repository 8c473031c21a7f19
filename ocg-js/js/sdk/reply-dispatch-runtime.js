/** Hands a message over and waits for the whole turn (plugin contract §3.1, generation B). */
export { dispatchReplyWithBufferedBlockDispatcher } from "ocg:runtime/reply";
