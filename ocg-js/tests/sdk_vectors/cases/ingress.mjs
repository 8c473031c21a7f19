/** Access control: who may talk, who may command, which groups are heard. */
import {
  createChannelIngressResolver,
  defineStableChannelIngressIdentity,
} from "openclaw/plugin-sdk/channel-ingress-runtime";

const stable = defineStableChannelIngressIdentity({
  key: "sender-id",
  normalize: (value) => value.trim().replace(/^chat:/i, "").toUpperCase(),
  isWildcardEntry: (entry) => entry.trim() === "*",
});

const named = defineStableChannelIngressIdentity({
  aliases: [{ key: "name", dangerous: true }],
  entryIdPrefix: "entry",
});

const accessGroups = {
  team: { type: "message.senders", members: { "*": ["u1"], chat: ["u2"] } },
  remote: { type: "chat.roles", role: "x" },
};

/** The parts of an answer that say what was decided; records of the audit are left out. */
function decided(result) {
  const { ingress, senderAccess, routeAccess, commandAccess, activationAccess } = result;
  const short = ({ gate, ...rest }) => ({ ...rest, gate: gate?.id });
  return {
    admission: ingress.admission,
    decision: ingress.decision,
    reasonCode: ingress.reasonCode,
    decisiveGateId: ingress.decisiveGateId,
    gates: ingress.graph.gates.map((gate) => [
      gate.id,
      gate.phase,
      gate.kind,
      gate.effect,
      gate.allowed,
      gate.reasonCode,
    ]),
    senderAccess: short(senderAccess),
    routeAccess: short(routeAccess),
    commandAccess: short(commandAccess),
    activationAccess: short(activationAccess),
  };
}

async function resolve({ base = {}, method = "message", ...input }) {
  const { stored, ...rest } = base;
  const resolver = createChannelIngressResolver({
    channelId: "chat",
    accountId: "default",
    identity: rest.identity === "named" ? named : stable,
    cfg: { accessGroups },
    ...rest,
    ...(rest.identity ? { identity: named } : {}),
    ...(stored ? { readStoreAllowFrom: async () => stored } : {}),
  });
  return decided(await resolver[method](input));
}

const user = { subject: { stableId: "u1" } };
const direct = { ...user, conversation: { kind: "direct", id: "u1" } };
const group = { ...user, conversation: { kind: "group", id: "g1" } };
const policies = ["open", "allowlist", "pairing", "disabled"];
const lists = [[], ["*"], ["chat:U1"], ["other"], ["accessGroup:team"], ["accessGroup:none"]];

const directs = policies.flatMap((dmPolicy) =>
  lists.flatMap((allowFrom) =>
    [undefined, ["u1"]].map((stored) => ({
      ...direct,
      dmPolicy,
      allowFrom,
      base: { stored },
    })),
  ),
);

const groups = ["open", "allowlist", "disabled", undefined].flatMap((groupPolicy) =>
  lists.flatMap((groupAllowFrom) =>
    [undefined, false].map((fallback) => ({
      ...group,
      groupPolicy,
      allowFrom: ["u1"],
      groupAllowFrom,
      policy: { groupAllowFromFallbackToAllowFrom: fallback },
    })),
  ),
);

const commands = [true, false].flatMap((allowTextCommands) =>
  [[], ["u1"], ["other"]].flatMap((commandOwnerAllowFrom) =>
    [true, false].flatMap((useAccessGroups) =>
      ["allow", "deny", "configured"].map((modeWhenAccessGroupsOff) => ({
        ...direct,
        dmPolicy: "open",
        allowFrom: ["*"],
        command: {
          allowTextCommands,
          commandOwnerAllowFrom,
          useAccessGroups,
          modeWhenAccessGroupsOff,
        },
      })),
    ),
  ),
);

const activations = [true, false].flatMap((wasMentioned) =>
  [true, false].flatMap((requireMention) =>
    [undefined, "before-sender"].flatMap((order) =>
      [true, false].map((allowTextCommands) => ({
        ...group,
        groupPolicy: "allowlist",
        groupAllowFrom: ["u1"],
        command: { allowTextCommands, commandOwnerAllowFrom: ["u1"] },
        mentionFacts: { canDetectMention: true, wasMentioned, hasAnyMention: wasMentioned },
        policy: { activation: { requireMention, allowTextCommands, order } },
      })),
    ),
  ),
);

const routes = [
  { id: "room", allowed: true },
  { id: "room", allowed: false, blockReason: "not this room" },
  { id: "room", enabled: false },
  { id: "room", configured: false },
  { id: "room", senderPolicy: "replace", senderAllowFrom: ["other"], blockReason: "not you" },
  { id: "room", senderPolicy: "replace", senderAllowFrom: ["u1"] },
  { id: "room", senderAllowFrom: ["u1"] },
  { id: "room", senderPolicy: "deny-when-empty", senderAllowFrom: [] },
  { id: "room", senderPolicy: "deny-when-empty", senderAllowFrom: ["u1"] },
].flatMap((route) =>
  ["open", "allowlist"].map((groupPolicy) => ({
    ...group,
    route,
    groupPolicy,
    groupAllowFrom: ["someone"],
  })),
);

const identities = ["u1", "Name"].flatMap((entry) =>
  [undefined, "enabled"].flatMap((mutableIdentifierMatching) =>
    [undefined, "asserted", "verified"].map((minIdentifierAuthentication) => ({
      subject: { stableId: "u1", aliases: { name: "Name" } },
      conversation: { kind: "direct", id: "u1" },
      dmPolicy: "allowlist",
      allowFrom: [entry],
      policy: { mutableIdentifierMatching, minIdentifierAuthentication },
      base: { identity: "named" },
    })),
  ),
);

const events = ["message", "command", "event"].flatMap((method) =>
  ["inbound", "command", "route-only", "none", "origin-subject"].map((authMode) => ({
    ...direct,
    method,
    event: { authMode },
    dmPolicy: "pairing",
    allowFrom: ["other"],
    command: { commandOwnerAllowFrom: ["u1"] },
  })),
);

export const cases = {
  "channel-ingress-runtime#createChannelIngressResolver": {
    inputs: [
      ...directs,
      ...groups,
      ...commands,
      ...activations,
      ...routes,
      ...identities,
      ...events,
    ],
    ask: resolve,
  },
  "channel-ingress-runtime#defineStableChannelIngressIdentity": {
    inputs: [
      {},
      { key: "id" },
      { entryIdPrefix: "e" },
      { aliases: [{ key: "name" }] },
      { kind: "k", sensitivity: "pii", key: "id" },
      { aliases: [] },
      { aliases: [{ key: "name", dangerous: true }, { key: "mail" }] },
      { aliases: [{ key: "a", kind: "username", sensitivity: "pii" }], entryIdPrefix: "x" },
      { key: "" },
      { entryIdPrefix: "" },
      ...["verified", "asserted", "unverified", "mutable"].map((authentication) => ({ authentication })),
      ...["stable-id", "username", "email", "phone", "role", "plugin:x"].map((kind) => ({ kind })),
      { sensitivity: "normal" },
    ],
    ask: (params) => {
      const { resolveEntryId, ...rest } = defineStableChannelIngressIdentity(params);
      return { ...rest, id: resolveEntryId?.({ entryIndex: 1 }) };
    },
  },
};
