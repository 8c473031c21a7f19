/** Mentions, access groups, silent replies, stop words. */
import { parseAccessGroupAllowFromEntry } from "openclaw/plugin-sdk/access-groups";
import * as commandAuth from "openclaw/plugin-sdk/command-auth";
import { resolveInboundMentionDecision } from "openclaw/plugin-sdk/channel-mention-gating";
import { isSilentReplyPayloadText } from "openclaw/plugin-sdk/reply-chunking";
import { isAbortRequestText, isBtwRequestText } from "openclaw/plugin-sdk/reply-runtime";
import { compileSafeRegexDetailed } from "openclaw/plugin-sdk/security-runtime";

const bits = (count) =>
  Array.from({ length: 2 ** count }, (_, number) =>
    Array.from({ length: count }, (__, bit) => Boolean((number >> bit) & 1)),
  );

const mentions = bits(6).map(
  ([isGroup, requireMention, wasMentioned, hasAnyMention, hasControlCommand, authorized]) => ({
    facts: { canDetectMention: true, wasMentioned, hasAnyMention },
    policy: {
      isGroup,
      requireMention,
      allowTextCommands: true,
      hasControlCommand,
      commandAuthorized: authorized,
    },
  }),
);

const implicit = [["reply_to_bot"], ["quoted_bot", "native"], ["bot_thread_participant"]].flatMap(
  (implicitMentionKinds) =>
    [
      {},
      { allowedImplicitMentionKinds: [] },
      { allowedImplicitMentionKinds: ["reply_to_bot", "native"] },
      { implicitMentions: { replyToBot: false } },
      { implicitMentions: { quotedBot: false, threadParticipation: false } },
    ].map((policy) => ({
      canDetectMention: true,
      wasMentioned: false,
      implicitMentionKinds,
      isGroup: true,
      requireMention: true,
      allowTextCommands: false,
      hasControlCommand: false,
      commandAuthorized: false,
      ...policy,
    })),
);

const spoken = [
  "",
  "stop",
  "Stop!",
  "/stop",
  "/STOP",
  "/stop now",
  "please stop",
  "Stop please.",
  "停止",
  "停止。",
  "暂停",
  "やめて",
  "стоп",
  "stop don’t do anything",
  "stop it",
  "don't stop",
  "esc",
  "exit",
  "  abort  ",
  "stop   the agent",
  "/btw what time is it",
  "/btw",
  "/BTW: hi",
  "btw",
  "/btwx",
  " /btw hello",
];

const silent = [
  "",
  "NO_REPLY",
  " no_reply ",
  "NO_REPLY NO_REPLY",
  "NO_REPLY.",
  "**NO_REPLY**",
  "NO_REPLY please",
  "I say NO_REPLY",
  '"NO_REPLY"',
  '{"action":"NO_REPLY"}',
  '{"action":"NO_REPLY","x":1}',
  '{"action":"reply"}',
  "<think>hm</think>NO_REPLY",
  "<thinking>hm</thinking>\nNO_REPLY",
  "<think>hm</think>answer",
  "NO_REPLYX",
  "hello",
  "```NO_REPLY```",
  "(NO_REPLY)",
  "NO REPLY",
];

const patterns = [
  "",
  "  ",
  "bot",
  "@?bot",
  "(a+)+",
  "(a*)*b",
  "(a|aa)+",
  "(ab|cd)+",
  "(a{1,3})+",
  "(a{3})+",
  "([a-z]+\\s?)+",
  "\\bopen\\s*claw\\b",
  "(",
  "[",
  "a{2,}",
  "(?:x+)?",
  "(x+)?y",
  "(?=a+)b",
  "((a))+",
  "(a+b)*",
  "[(a+)+]",
  "\\(a+\\)+",
  "(a|b)*",
  "(a|ab)*",
  "(a?)+",
  "(a|aa)?",
  "(a|aa){2}",
  "a++",
  "a+?",
  "(ab?)*",
  "(ab|c){3}",
  "(ab|c){2,}",
  "((a|aa)b)+",
  "(^|a)+",
  "(a|)+",
];

const targets = ["chat:slash", "Discord:Slash"].flatMap((sessionPrefix) =>
  ["u", "U1"].flatMap((userId) =>
    [undefined, "B", " agent:Main:x "].flatMap((boundSessionKey) =>
      [undefined, "lowercase"].map((sessionKeyCase) => ({
        agentId: "Sales",
        sessionPrefix,
        userId,
        targetSessionKey: "agent:Sales:main",
        boundSessionKey,
        sessionKeyCase,
      })),
    ),
  ),
);

export const cases = {
  "channel-mention-gating#resolveInboundMentionDecision": {
    inputs: [...mentions, ...implicit],
    ask: resolveInboundMentionDecision,
  },
  "access-groups#parseAccessGroupAllowFromEntry": {
    inputs: [
      "accessGroup:team",
      " accessGroup: team ",
      "accessGroup:",
      "accessgroup:team",
      "team",
      "*",
      "",
      "accessGroup:a:b",
      "accessGroup: ",
      "accessGroup:*",
      "AccessGroup:team",
      "ACCESSGROUP:team",
      "accessGroup :team",
      "accessGroup：team",
      "x accessGroup:team",
      "accessGroup:日本",
      "accessGroup:Team Two",
      "accessGroup:\tteam\n",
      "accessGroup:accessGroup:team",
      "accessGroups:team",
      "accessGroup",
      "\u00a0accessGroup:team",
    ],
    ask: parseAccessGroupAllowFromEntry,
  },
  "reply-runtime#isAbortRequestText": { inputs: spoken, ask: (text) => isAbortRequestText(text) },
  "reply-runtime#isBtwRequestText": { inputs: spoken, ask: (text) => isBtwRequestText(text) },
  "reply-chunking#isSilentReplyPayloadText": {
    inputs: silent,
    ask: (text) => isSilentReplyPayloadText(text),
  },
  "command-auth#resolveNativeCommandSessionTargets": {
    inputs: targets,
    ask: commandAuth.resolveNativeCommandSessionTargets,
  },
  "security-runtime#compileSafeRegexDetailed": {
    inputs: patterns,
    ask: (pattern) => {
      const { regex, ...rest } = compileSafeRegexDetailed(pattern, "i");
      return { ...rest, regex: regex?.source };
    },
  },
};
