/** Session keys (plugin contract §6.2). */
import { normalizeAccountId } from "openclaw/plugin-sdk/account-id";

/**
 * One session for each peer of each account, unless the configuration says otherwise: two people
 * who write to the same bot must neither wait for nor read each other.
 */
const DEFAULT_DM_SCOPE = "per-account-channel-peer";
const AGENT_ID = "main";

function resolveAgentRoute({ cfg, channel, accountId, peer }) {
  const account = normalizeAccountId(accountId);
  const dmScope = cfg?.session?.dmScope ?? DEFAULT_DM_SCOPE;
  const key = { agentId: AGENT_ID, channel, accountId: account, peer, dmScope };
  const sessionKey = buildAgentSessionKey(key);
  const mainSessionKey = `agent:${AGENT_ID}:main`;
  return {
    agentId: AGENT_ID,
    channel,
    accountId: account,
    dmScope,
    sessionKey,
    mainSessionKey,
    lastRoutePolicy: sessionKey === mainSessionKey ? "main" : "session",
    matchedBy: "default",
  };
}

function buildAgentSessionKey({ agentId, channel, accountId, peer, dmScope = DEFAULT_DM_SCOPE }) {
  const kind = !peer || peer.kind === "dm" ? "direct" : peer.kind;
  const id = String(peer?.id ?? "unknown")
    .trim()
    .toLowerCase();
  const prefix = `agent:${(agentId || AGENT_ID).toLowerCase()}`;
  const name = String(channel).trim().toLowerCase();
  if (kind !== "direct") return `${prefix}:${name}:${kind}:${id}`;
  switch (dmScope) {
    case "main":
      return `${prefix}:main`;
    case "per-peer":
      return `${prefix}:direct:${id}`;
    case "per-channel-peer":
      return `${prefix}:${name}:direct:${id}`;
    default:
      return `${prefix}:${name}:${normalizeAccountId(accountId)}:direct:${id}`;
  }
}

export const routing = { resolveAgentRoute, buildAgentSessionKey };
