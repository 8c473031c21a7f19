/** Allow lists, policies of groups, names by which a bot is addressed. */
import {
  formatAllowFromLowercase,
  isNormalizedSenderAllowed,
  isSenderIdAllowed,
  mergeDmAllowFromSources,
  resolveGroupAllowFromSources,
} from "openclaw/plugin-sdk/allow-from";
import {
  buildMentionRegexes,
  matchesMentionPatterns,
  matchesMentionWithExplicit,
} from "openclaw/plugin-sdk/channel-inbound";
import {
  resolveChannelGroupPolicy,
  resolveChannelGroupRequireMention,
} from "openclaw/plugin-sdk/channel-policy";
import {
  resolveAllowlistProviderRuntimeGroupPolicy,
  resolveDefaultGroupPolicy,
  resolveOpenProviderRuntimeGroupPolicy,
} from "openclaw/plugin-sdk/runtime-group-policy";

const product = (...lists) =>
  lists.reduce((rows, list) => rows.flatMap((row) => list.map((one) => [...row, one])), [[]]);

const lists = [undefined, null, [], ["*"], ["Alice", " bob ", 42], ["", " "], ["qq:Alice"]];

const dm = product([undefined, "open", "allowlist", "pairing", "disabled"], lists, [undefined, ["x"]]);

const groups = product(lists, [undefined, [], ["G1", 7]], [undefined, true, false]);

const senders = product(
  [[], ["*"], ["alice"], ["Alice", "42"]],
  ["alice", "Alice", " ", "", undefined, 42],
);

const policies = product(
  [true, false],
  [undefined, "open", "allowlist", "disabled"],
  [undefined, "open", "allowlist", "disabled"],
).map(([providerConfigPresent, groupPolicy, defaultGroupPolicy]) => ({
  providerConfigPresent,
  groupPolicy,
  defaultGroupPolicy,
}));

const defaults = product(
  [undefined, {}, { qqbot: { groupPolicy: "open" } }],
  [undefined, {}, ...["open", "allowlist", "disabled"].map((groupPolicy) => ({ groupPolicy }))],
  [{}, { session: {} }],
).map(([channels, all, rest]) => ({ ...rest, channels: { ...channels, ...(all ? { defaults: all } : {}) } }));

const sections = [
  {},
  { groupPolicy: "open" },
  { groupPolicy: "allowlist" },
  { groupPolicy: "disabled", groups: { g1: {} } },
  { groups: { g1: { requireMention: false }, "*": { requireMention: true } } },
  { groups: { "*": { requireMention: false } } },
  { groupPolicy: "allowlist", groups: { G1: {} } },
  { groupPolicy: "allowlist", groups: {} },
  { groupPolicy: "allowlist", groups: { "*": {} } },
  { groupPolicy: "open", groups: { g2: { requireMention: false } } },
  { groupPolicy: "open", accounts: { work: { groupPolicy: "allowlist", groups: { g1: {} } } } },
  { groups: { g1: {} }, accounts: { work: { groups: { g2: { requireMention: false } } } } },
  { accounts: { Work: { groupPolicy: "disabled" } } },
  { groups: { g1: { requireMention: true } }, accounts: { work: {} } },
];
const asked = product(sections, [
  { groupId: "g1" },
  { groupId: " G1 ", groupIdCaseInsensitive: true },
  { groupId: "g1", accountId: "work", hasGroupAllowFrom: true },
  { groupId: null },
]);
const askGroup = (ask) => ([section, rest]) =>
  ask({ cfg: { channels: { qqbot: section } }, channel: "qqbot", ...rest });

const agentsOf = (agent) => ({ agents: { list: [{ id: "main", ...agent }] } });
const named = [
  [{}, "main"],
  [agentsOf({ identity: { name: "Robo" } }), "main"],
  [agentsOf({ identity: { name: "Robo  Cop" } }), "main"],
  [agentsOf({ identity: { name: "小助手" } }), "main"],
  [agentsOf({ identity: { name: "a.b*c", emoji: "🤖" } }), "main"],
  [agentsOf({ identity: { name: "Robo" } }), "other"],
  [agentsOf({ identity: { name: "Robo" }, groupChat: { mentionPatterns: ["@?bot", "(a+)+$"] } }), "main"],
  [agentsOf({ groupChat: { mentionPatterns: [] } }), "main"],
  [{ messages: { groupChat: { mentionPatterns: ["hey you", "["] } } }, undefined],
  [{ messages: { groupChat: { mentionPatterns: ["^go\\b"] } }, ...agentsOf({ identity: { name: "X" } }) }, "main"],
];
const said = ["Robo, help", "@ROBO cop!", "robot", "ask 小助手 now", "hey\u200b you", "a.b*c?", "🤖 hi", "go", "", "bot"];
const addressed = product(named, said);

export const cases = {
  "allow-from#mergeDmAllowFromSources": {
    inputs: dm,
    ask: ([dmPolicy, allowFrom, storeAllowFrom]) =>
      mergeDmAllowFromSources({ dmPolicy, allowFrom: allowFrom ?? undefined, storeAllowFrom }),
  },
  "allow-from#resolveGroupAllowFromSources": {
    inputs: groups,
    ask: ([allowFrom, groupAllowFrom, fallbackToAllowFrom]) =>
      resolveGroupAllowFromSources({
        allowFrom: allowFrom ?? undefined,
        groupAllowFrom,
        fallbackToAllowFrom,
      }),
  },
  "allow-from#isSenderIdAllowed": {
    inputs: product(senders, [true, false]),
    ask: ([[entries, senderId], allowWhenEmpty]) =>
      isSenderIdAllowed(
        {
          entries,
          hasEntries: entries.length > 0,
          hasWildcard: entries.includes("*"),
        },
        senderId,
        allowWhenEmpty,
      ),
  },
  "allow-from#isNormalizedSenderAllowed": {
    inputs: senders,
    ask: ([allowFrom, senderId]) =>
      isNormalizedSenderAllowed({ allowFrom, senderId, stripPrefixRe: /^qq:/i }),
  },
  "allow-from#formatAllowFromLowercase": {
    inputs: product(
      lists.filter(Boolean).concat([["QQ:A", "qq: b ", "qq:", "*", "Straße"]]),
      [undefined, "^qq:", "[0-9]+", "$"],
    ),
    ask: ([allowFrom, prefix]) =>
      formatAllowFromLowercase({
        allowFrom,
        stripPrefixRe: prefix ? new RegExp(prefix, "i") : undefined,
      }),
  },
  "runtime-group-policy#resolveOpenProviderRuntimeGroupPolicy": {
    inputs: policies,
    ask: resolveOpenProviderRuntimeGroupPolicy,
  },
  "runtime-group-policy#resolveAllowlistProviderRuntimeGroupPolicy": {
    inputs: policies,
    ask: resolveAllowlistProviderRuntimeGroupPolicy,
  },
  "runtime-group-policy#resolveDefaultGroupPolicy": {
    inputs: defaults,
    ask: resolveDefaultGroupPolicy,
  },
  "channel-policy#resolveChannelGroupPolicy": {
    inputs: asked,
    ask: askGroup(resolveChannelGroupPolicy),
  },
  "channel-policy#resolveChannelGroupRequireMention": {
    inputs: asked,
    ask: askGroup(resolveChannelGroupRequireMention),
  },
  "channel-inbound#matchesMentionPatterns": {
    inputs: addressed,
    ask: ([[cfg, agentId], text]) => matchesMentionPatterns(text, buildMentionRegexes(cfg, agentId)),
  },
  "channel-inbound#matchesMentionWithExplicit": {
    inputs: product(addressed.slice(0, 40), [
      undefined,
      { hasAnyMention: true, isExplicitlyMentioned: true, canResolveExplicit: true },
      { hasAnyMention: true, isExplicitlyMentioned: false, canResolveExplicit: true },
    ]),
    ask: ([[[cfg, agentId], text], explicit]) =>
      matchesMentionWithExplicit({
        text,
        mentionRegexes: buildMentionRegexes(cfg, agentId),
        explicit,
      }),
  },
};
