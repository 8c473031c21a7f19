/** Where messages belong. */
export {
  DEFAULT_ACCOUNT_ID,
  normalizeAccountId,
  normalizeOptionalAccountId,
} from "openclaw/plugin-sdk/account-id";
export { normalizeAgentId } from "ocg:runtime/agents";
export { buildAgentSessionKey, resolveAgentRoute } from "ocg:runtime/routing";
export {
  parseAgentSessionKey,
  parseThreadSessionSuffix,
  resolveThreadSessionKeys,
} from "ocg:runtime/session-key";

/** A channel's id as the gateway writes it. @param {string | null | undefined} raw */
export function normalizeMessageChannel(raw) {
  return raw?.trim().toLowerCase() || undefined;
}

/** The account that a binding gives the default agent: none is preferred. */
export const resolveDefaultAgentBoundAccountId = () => null;
