/** Account ids, command authorisation and hooks. */
import * as accountId from "openclaw/plugin-sdk/account-id";
import * as commandAuth from "openclaw/plugin-sdk/command-auth";
import * as hooks from "openclaw/plugin-sdk/hook-runtime";

const accountIds = [
  undefined,
  null,
  "",
  "  ",
  "default",
  "Ops",
  "  Ops Team  ",
  "b0f5860fdecb@im.bot",
  "a/b\\c",
  "--x--",
  "__proto__",
  "constructor",
  "prototype",
  "日本",
  "日本-1",
  "a".repeat(80),
  "-",
  "_lead",
  "UPPER_case-9",
  "a..b",
];

const policies = ["open", "pairing", "allowlist", "disabled"];

function direct() {
  return [true, false].flatMap((isGroup) =>
    [...policies, undefined, "Allowlist"].flatMap((dmPolicy) =>
      [true, false].map((senderAllowedForCommands) => ({
        isGroup,
        dmPolicy,
        senderAllowedForCommands,
      })),
    ),
  );
}

/** Every combination of where the sender is listed, policy, chat kind and access groups. */
function senders() {
  const lists = [
    { configuredAllowFrom: [], stored: [] },
    { configuredAllowFrom: [], stored: ["me"] },
    { configuredAllowFrom: ["me"], stored: [] },
    { configuredAllowFrom: ["other"], stored: ["me"] },
    { configuredAllowFrom: ["other"], stored: [] },
    { configuredAllowFrom: [], stored: null },
  ];
  return lists.flatMap((list) =>
    policies.flatMap((dmPolicy) =>
      [true, false].flatMap((isGroup) =>
        [true, false].map((useAccessGroups) => ({ ...list, dmPolicy, isGroup, useAccessGroups })),
      ),
    ),
  );
}

async function authorizeSender(input) {
  const asked = [];
  const result = await commandAuth.resolveSenderCommandAuthorization({
    cfg: { commands: { useAccessGroups: input.useAccessGroups } },
    rawBody: "/status",
    isGroup: input.isGroup,
    dmPolicy: input.dmPolicy,
    configuredAllowFrom: input.configuredAllowFrom,
    configuredGroupAllowFrom: [],
    senderId: "me",
    isSenderAllowed: (id, list) => list.length === 0 || list.includes(id),
    readAllowFromStore: async () => {
      asked.push("store");
      if (!input.stored) throw new Error("unreadable");
      return input.stored;
    },
    shouldComputeCommandAuthorized: () => true,
    resolveCommandAuthorizedFromAuthorizers: (params) => {
      asked.push(params);
      return commandAuth.resolveCommandAuthorizedFromAuthorizers(params);
    },
  });
  return { result, asked };
}

function authorizers() {
  const one = [true, false].flatMap((configured) =>
    [true, false].map((allowed) => ({ configured, allowed })),
  );
  const lists = [[], ...one.map((a) => [a]), ...one.flatMap((a) => one.map((b) => [a, b]))];
  return [true, false].flatMap((useAccessGroups) =>
    [undefined, "allow", "deny", "configured"].flatMap((modeWhenAccessGroupsOff) =>
      lists.map((list) => ({ useAccessGroups, modeWhenAccessGroupsOff, authorizers: list })),
    ),
  );
}

const sent = [
  { to: "u@im", content: "hi", success: true, channelId: "wx", accountId: "a" },
  {
    to: "u@im",
    content: "hi",
    success: false,
    error: "no",
    channelId: "wx",
    accountId: "a",
    conversationId: "c",
    runId: "r",
  },
];

/** @type {Record<string, { inputs: unknown[], ask: (input: any) => unknown }>} */
export const cases = {
  "account-id#normalizeAccountId": { inputs: accountIds, ask: accountId.normalizeAccountId },
  "account-id#normalizeOptionalAccountId": {
    inputs: accountIds,
    ask: accountId.normalizeOptionalAccountId,
  },
  "command-auth#resolveDirectDmAuthorizationOutcome": {
    inputs: direct(),
    ask: commandAuth.resolveDirectDmAuthorizationOutcome,
  },
  "command-auth#resolveSenderCommandAuthorization": { inputs: senders(), ask: authorizeSender },
  "command-auth#resolveCommandAuthorizedFromAuthorizers": {
    inputs: authorizers(),
    ask: commandAuth.resolveCommandAuthorizedFromAuthorizers,
  },
  "hook-runtime#toPluginMessageSentEvent": {
    inputs: sent,
    ask: (params) =>
      hooks.toPluginMessageSentEvent(hooks.buildCanonicalSentMessageHookContext(params)),
  },
  "hook-runtime#toPluginMessageContext": {
    inputs: sent,
    ask: (params) =>
      hooks.toPluginMessageContext(hooks.buildCanonicalSentMessageHookContext(params)),
  },
};
