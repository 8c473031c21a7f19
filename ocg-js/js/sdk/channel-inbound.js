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
