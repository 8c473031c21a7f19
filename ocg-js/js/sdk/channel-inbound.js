/** Message contexts and envelopes of the newer hand-offs (plugin contract §3.2). */
export { buildChannelInboundEventContext } from "ocg:runtime/inbound-context";
export {
  formatAgentEnvelope,
  formatInboundEnvelope,
  resolveEnvelopeFormatOptions,
} from "ocg:runtime/envelope";
export { dispatchChannelInboundTurn, runChannelInboundEvent } from "ocg:runtime/inbound";
export {
  buildMentionRegexes,
  matchesMentionPatterns,
  matchesMentionWithExplicit,
} from "ocg:runtime/mentions";

import { isControlCommandMessage } from "ocg:runtime/commands";

/** Whether a text may wait for others that follow it at once: a command or a file may not. */
export function shouldDebounceTextInbound({ text, hasMedia, allowDebounce = true }) {
  return allowDebounce && !hasMedia && Boolean(text?.trim()) && !isControlCommandMessage(text);
}
