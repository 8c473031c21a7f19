/** Which agent a message goes to, and its session (plugin contract §6.2). */
import { normalizeAccountId } from "openclaw/plugin-sdk/account-id";
import { defaultAgentId, normalizeAgentId } from "ocg:runtime/agents";

/**
 * One session for each peer of each account, unless the configuration says otherwise: two people
 * who write to the same bot must neither wait for nor read each other.
 */
const DEFAULT_DM_SCOPE = "per-account-channel-peer";

const lower = (value) =>
  String(value ?? "")
    .trim()
    .toLowerCase();

/** Older plugins say "dm" for direct chats. */
const peerKind = (kind) => (!kind || kind === "dm" ? "direct" : lower(kind));

/**
 * @param {{ cfg: object, channel: string, accountId?: string, peer?: { kind: string, id: string },
 *   parentPeer?: { kind: string, id: string }, guildId?: string, teamId?: string,
 *   memberRoleIds?: string[] }} input
 */
export function resolveAgentRoute(input) {
  const { cfg, peer } = input;
  const channel = lower(input.channel);
  const accountId = normalizeAccountId(input.accountId);
  const { binding, matchedBy } = findBinding({ ...input, channel, accountId });
  const agentId = binding ? normalizeAgentId(binding.agentId) : defaultAgentId(cfg);
  const dmScope = binding?.session?.dmScope ?? cfg?.session?.dmScope ?? DEFAULT_DM_SCOPE;
  const { mainKey, identityLinks } = cfg?.session ?? {};
  const key = { agentId, channel, accountId, peer, dmScope, mainKey, identityLinks };
  const sessionKey = buildAgentSessionKey(key);
  const mainSessionKey = `agent:${agentId}:${lower(mainKey) || "main"}`;
  return {
    agentId,
    channel,
    accountId,
    dmScope,
    sessionKey,
    mainSessionKey,
    lastRoutePolicy: sessionKey === mainSessionKey ? "main" : "session",
    matchedBy,
  };
}

/** What a binding can be about, the narrowest first. */
const TIERS = [
  ["binding.peer", (match, at) => match.peer && isPeer(match.peer, at.peer)],
  ["binding.peer.parent", (match, at) => match.peer && isPeer(match.peer, at.parentPeer)],
  ["binding.peer.wildcard", (match, at) => match.peer && isAnyPeer(match.peer, at.peer)],
  [
    "binding.guild+roles",
    (match, at) => !match.peer && match.guildId && match.roles?.length > 0 && hasRole(match, at),
  ],
  ["binding.guild", (match) => !match.peer && match.guildId && !match.roles?.length],
  ["binding.team", (match) => !match.peer && !match.guildId && match.teamId],
  ["binding.account", (match) => isBare(match) && match.accountId && match.accountId !== "*"],
  ["binding.channel", (match) => isBare(match) && match.accountId === "*"],
];

const isBare = (match) => !match.peer && !match.guildId && !match.teamId;

function isPeer(wanted, peer) {
  if (!peer || !wanted.id || wanted.id === "*") return false;
  return sameKind(wanted.kind, peer.kind) && String(wanted.id).trim() === String(peer.id).trim();
}

function isAnyPeer(wanted, peer) {
  return Boolean(peer) && wanted.id === "*" && sameKind(wanted.kind, peer.kind);
}

/** Groups and channels are one to bindings: platforms do not agree on the word. */
function sameKind(one, other) {
  const kinds = [peerKind(one), peerKind(other)];
  return kinds[0] === kinds[1] || kinds.every((kind) => kind === "group" || kind === "channel");
}

function hasRole(match, at) {
  return match.roles.some((role) => (at.memberRoleIds ?? []).includes(role));
}

function findBinding(at) {
  const bindings = Array.isArray(at.cfg?.bindings) ? at.cfg.bindings : [];
  const candidates = bindings.filter(({ type = "route", match }) => {
    if (type !== "route" || !match || lower(match.channel) !== at.channel) return false;
    const account = match.accountId?.trim() || "default";
    if (account !== "*" && normalizeAccountId(account) !== at.accountId) return false;
    if (match.guildId && match.guildId !== at.guildId) return false;
    return !match.teamId || match.teamId === at.teamId;
  });
  for (const [matchedBy, test] of TIERS) {
    const binding = candidates.find(({ match }) => test({ accountId: "default", ...match }, at));
    if (binding) return { binding, matchedBy };
  }
  return { binding: undefined, matchedBy: "default" };
}

export function buildAgentSessionKey(params) {
  const { agentId, channel, accountId, peer, mainKey, identityLinks } = params;
  const dmScope = params.dmScope ?? DEFAULT_DM_SCOPE;
  const prefix = `agent:${normalizeAgentId(agentId)}`;
  const name = lower(channel) || "unknown";
  const kind = peerKind(peer?.kind);
  const main = `${prefix}:${lower(mainKey) || "main"}`;
  if (kind !== "direct") return `${prefix}:${name}:${kind}:${lower(peer.id) || "unknown"}`;
  const linked = dmScope === "main" ? undefined : linkedPeer(identityLinks, name, peer?.id);
  const id = linked ?? (peer ? lower(peer.id) || "unknown" : "");
  if (!id || dmScope === "main") return main;
  switch (dmScope) {
    case "per-peer":
      return `${prefix}:direct:${id}`;
    case "per-channel-peer":
      return `${prefix}:${name}:direct:${id}`;
    default:
      return `${prefix}:${name}:${normalizeAccountId(accountId)}:direct:${id}`;
  }
}

/** The name that the configuration gives to one person on several channels. */
function linkedPeer(links, channel, id) {
  const names = [lower(id), `${channel}:${lower(id)}`];
  const entry = Object.entries(links ?? {}).find(
    ([, ids]) => Array.isArray(ids) && ids.some((one) => names.includes(lower(one))),
  );
  return entry ? lower(entry[0]) : undefined;
}

export const routing = { resolveAgentRoute, buildAgentSessionKey };
