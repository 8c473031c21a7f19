/** Which agent answers, in which session, and what a session key says. */
import {
  buildAgentSessionKey,
  parseAgentSessionKey,
  parseThreadSessionSuffix,
  resolveAgentRoute,
  resolveThreadSessionKeys,
} from "openclaw/plugin-sdk/routing";

/** OCG's own default for direct chats is another one than OpenClaw's: every case names the scope. */
const SCOPES = ["main", "per-peer", "per-channel-peer", "per-account-channel-peer"];

const session = { dmScope: "per-account-channel-peer" };
const agents = { list: [{ id: "main", default: true }, { id: "Sales" }, { id: "support" }] };

const binding = (agentId, match, more = {}) => ({ agentId, match: { channel: "qqbot", ...match }, ...more });
const group = (id) => ({ kind: "group", id });
const direct = (id) => ({ kind: "direct", id });
const bound = (...bindings) => ({ agents, session, bindings });

const places = [
  { peer: direct("User:One") },
  { peer: group("G-42") },
  { peer: { kind: "channel", id: "C7" } },
  { peer: direct("u1"), accountId: "Work" },
  { accountId: "work" },
  { peer: group("g1"), parentPeer: group("parent") },
  { peer: group("g1"), guildId: "guild", memberRoleIds: ["r2", "r3"] },
  { peer: group("g1"), guildId: "guild" },
  { peer: group("g1"), teamId: "team" },
];

const everyTier = bound(
  binding("main", { accountId: "*" }),
  binding("support", { accountId: "work" }),
  binding("sales", { teamId: "team", accountId: "*" }),
  binding("support", { guildId: "guild", accountId: "*" }),
  binding("sales", { guildId: "guild", roles: ["r3"], accountId: "*" }),
  binding("support", { peer: { kind: "group", id: "*" }, accountId: "*" }),
  binding("sales", { peer: group("G-42") }),
  binding("sales", { peer: group("parent") }),
);

const onePeer = [
  [bound(binding("support", { peer: { kind: "channel", id: "G-42" } })), { peer: group("G-42") }],
  [bound(binding("support", { peer: { kind: "direct", id: "g-42" } })), { peer: group("g-42") }],
  [bound(binding("support", { peer: { kind: "dm", id: "u1" } })), { peer: direct("u1") }],
  [bound(binding("support", { peer: direct("U1") })), { peer: direct("u1") }],
  [bound(binding("support", { channel: "telegram" })), { peer: direct("u1") }],
  [bound(binding("support", { channel: " QQBot " })), { peer: direct("u1") }],
  [bound(binding("sales", {}), binding("support", {})), { peer: direct("u1") }],
  [bound(binding("support", {}, { session: { dmScope: "main" } })), { peer: direct("u1") }],
  [bound(binding("support", { peer: direct("*") })), { peer: direct("u1") }],
  [bound(binding("support", { peer: direct("*") })), { peer: group("g1") }],
  [bound(binding("support", { guildId: "other" })), { peer: group("g1"), guildId: "guild" }],
  [{ agents: { list: [{ id: "a" }, { id: "B", default: true }] }, session }, { peer: group("g") }],
  [{ session }, { peer: direct("u1") }],
];

const routes = [
  ...places.map((place) => [everyTier, place]),
  ...places.map((place) => [bound(), place]),
  ...SCOPES.map((dmScope) => [{ agents, session: { dmScope } }, { peer: direct("Ab") }]),
  ...SCOPES.map((dmScope) => [
    { session: { dmScope, mainKey: "Home", identityLinks: { Alice: ["qqbot:ab", "telegram:1"] } } },
    { peer: direct("Ab") },
  ]),
  ...onePeer,
];

const keys = SCOPES.flatMap((dmScope) =>
  [
    { agentId: "Main", channel: "QQBot", peer: direct("Ab C") },
    { agentId: "my agent!", channel: "qqbot", accountId: "Work", peer: direct("u1") },
    { agentId: "", channel: "", peer: direct("") },
    { agentId: "main", channel: "qqbot", peer: group("G1") },
    { agentId: "main", channel: "qqbot", peer: { kind: "channel", id: " C1 " } },
    { agentId: "main", channel: "qqbot", mainKey: "Home" },
    { agentId: "main", channel: "qqbot", peer: direct("u1"), identityLinks: { Bob: ["U1"] } },
  ].map((params) => ({ ...params, dmScope })),
);

const written = [
  "agent:main:main",
  "agent:Main:Main",
  "agent:main:qqbot:default:direct:u1",
  "agent:main:QQBot:group:G-42",
  "agent:sales:telegram:group:-100:topic:7",
  "agent:main:slack:channel:c1:thread:1700.2",
  "agent:main:qqbot:direct:u1:thread:T9",
  "agent::main",
  "agent:main",
  "agent:main:",
  "AGENT:main:main",
  " agent:main:main ",
  "main",
  "",
  "agent:a b:main",
  "agent:main:subagent:x",
  "agent:main:cron:job:run:1",
  "telegram:direct:1",
  "agent:main:a::b",
  ":agent:main:main",
  ":thread:1",
  "agent:main:main:thread:",
];

const threads = ["", " ", "T9", " 1700.2 ", "ABC"].flatMap((threadId) =>
  [{}, { useSuffix: false }, { parentSessionKey: "agent:main:p" }, { useSuffix: true }].map((more) => ({
    baseSessionKey: "agent:main:slack:channel:c1",
    threadId,
    ...more,
  })),
);

/** What plugins read of a route. */
const read = ({ agentId, channel, accountId, dmScope, sessionKey, mainSessionKey, ...rest }) => ({
  agentId,
  channel,
  accountId,
  dmScope,
  sessionKey,
  mainSessionKey,
  lastRoutePolicy: rest.lastRoutePolicy,
  matchedBy: rest.matchedBy,
});

export const cases = {
  "routing#resolveAgentRoute": {
    inputs: routes,
    ask: ([cfg, place]) => read(resolveAgentRoute({ cfg, channel: "qqbot", ...place })),
  },
  "routing#buildAgentSessionKey": { inputs: keys, ask: buildAgentSessionKey },
  "routing#parseAgentSessionKey": { inputs: written, ask: parseAgentSessionKey },
  "routing#parseThreadSessionSuffix": { inputs: written, ask: parseThreadSessionSuffix },
  "routing#resolveThreadSessionKeys": { inputs: threads, ask: resolveThreadSessionKeys },
};
