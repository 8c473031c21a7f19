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
