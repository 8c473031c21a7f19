/** Who may talk to the bot, and who may give it commands (plugin contract §6.1). */

/**
 * Decides what a direct message's sender may do.
 *
 * @param {{ isGroup: boolean, dmPolicy: string, senderAllowedForCommands: boolean }} params
 * @returns {"disabled" | "unauthorized" | "allowed"}
 */
export function resolveDirectDmAuthorizationOutcome(params) {
  if (params.isGroup) return "allowed";
  if (params.dmPolicy === "disabled") return "disabled";
  return params.senderAllowedForCommands ? "allowed" : "unauthorized";
}

/**
 * Combines configured and approved senders and decides whether this one may use commands.
 *
 * Approved senders come from the store only for direct messages under the pairing policy; a store
 * that cannot be read counts as empty.
 */
export async function resolveSenderCommandAuthorization(params) {
  const shouldComputeAuth = params.shouldComputeCommandAuthorized(params.rawBody, params.cfg);
  const usesStore =
    !params.isGroup && params.dmPolicy !== "allowlist" && params.dmPolicy !== "open";
  const approved = usesStore ? await params.readAllowFromStore().catch(() => []) : [];
  const effectiveAllowFrom = [...(params.configuredAllowFrom ?? []), ...approved];
  const configuredGroup = params.configuredGroupAllowFrom ?? [];
  const effectiveGroupAllowFrom = [
    ...(configuredGroup.length > 0 ? configuredGroup : (params.configuredAllowFrom ?? [])),
  ];
  const ownerAllowed = params.isSenderAllowed(params.senderId, effectiveAllowFrom);
  const groupAllowed = params.isSenderAllowed(params.senderId, effectiveGroupAllowFrom);
  const senderAllowedForCommands = params.isGroup ? groupAllowed : ownerAllowed;
  const commandAuthorized = shouldComputeAuth
    ? params.resolveCommandAuthorizedFromAuthorizers({
        useAccessGroups: true,
        authorizers: [
          { configured: effectiveAllowFrom.length > 0, allowed: ownerAllowed },
          { configured: effectiveGroupAllowFrom.length > 0, allowed: groupAllowed },
        ],
      })
    : undefined;
  return {
    shouldComputeAuth,
    effectiveAllowFrom,
    effectiveGroupAllowFrom,
    senderAllowedForCommands,
    commandAuthorized,
  };
}

/** The same with the two command functions taken from a runtime's `commands` branch. */
export function resolveSenderCommandAuthorizationWithRuntime({ runtime, ...params }) {
  return resolveSenderCommandAuthorization({
    ...params,
    shouldComputeCommandAuthorized: runtime.shouldComputeCommandAuthorized,
    resolveCommandAuthorizedFromAuthorizers: runtime.resolveCommandAuthorizedFromAuthorizers,
  });
}

/**
 * Whether a sender may give commands (plugin contract §6.1).
 *
 * @param {{
 *   useAccessGroups: boolean,
 *   authorizers: { configured: boolean, allowed: boolean }[],
 *   modeWhenAccessGroupsOff?: "allow" | "deny" | "configured",
 * }} params
 */
export function resolveCommandAuthorizedFromAuthorizers(params) {
  const { useAccessGroups, authorizers, modeWhenAccessGroupsOff = "allow" } = params;
  const anyAllowed = authorizers.some((one) => one.configured && one.allowed);
  if (useAccessGroups) return anyAllowed;
  if (modeWhenAccessGroupsOff === "allow") return true;
  if (modeWhenAccessGroupsOff === "deny") return false;
  return !authorizers.some((one) => one.configured) || anyAllowed;
}

export { maybeResolveTextAlias } from "ocg:runtime/requests";

/** The sessions that a native command runs in and acts on. */
export function resolveNativeCommandSessionTargets(params) {
  const own = `agent:${params.agentId}:${params.sessionPrefix}:${params.userId}`;
  const key = params.boundSessionKey ?? own;
  return {
    sessionKey: params.sessionKeyCase === "lowercase" ? key.trim().toLowerCase() : key,
    commandTargetSessionKey: params.boundSessionKey ?? params.targetSessionKey,
  };
}

import { isControlCommandMessage } from "ocg:runtime/commands";

/** Whether a text is a command alone, such as `/status`. */
export function hasControlCommand(text) {
  return isControlCommandMessage(text);
}

/**
 * A command as it is understood: `/name@bot args` and `/name: args` are `/name args`.
 *
 * @param {string} raw
 * @param {{ botUsername?: string, preserveArguments?: boolean }} [options]
 */
export function normalizeCommandBody(raw, options = {}) {
  const text = options.preserveArguments ? raw.trimStart() : raw.trim();
  const found = /^\/([^\s:@]+)(?:@([\w-]+))?\s*(:?)([\s\S]*)$/.exec(text);
  if (!found) return text;
  const [, name, bot, colon, rest] = found;
  const own = options.botUsername?.trim().toLowerCase();
  if (bot && bot.toLowerCase() !== own) return text;
  const args = colon ? rest.trimStart() : rest;
  return args ? `/${name}${/^\s/.test(args) ? "" : " "}${args}` : `/${name}`;
}

/**
 * Commands of an agent engine: there are none. What a chat user writes after a slash goes to the
 * agent like any other text. (inert)
 */
export const listChatCommands = () => [];
export const listNativeCommandSpecs = () => [];
export const listNativeCommandSpecsForConfig = () => [];
export const listSkillCommandsForAgents = () => [];
export const findCommandByNativeName = () => undefined;
export const resolveCommandArgMenu = () => null;
export const resolveStoredModelOverride = () => null;
export const formatModelsAvailableHeader = () => "The agent behind this gateway has its own model.";

/** Who gives a command: nobody is the gateway's owner in a chat. */
export function resolveCommandAuthorization({ ctx, commandAuthorized }) {
  return {
    providerId: ctx?.Provider,
    ownerList: [],
    senderId: ctx?.SenderId,
    senderIsOwner: false,
    isAuthorizedSender: commandAuthorized === true,
    from: ctx?.From,
    to: ctx?.To,
  };
}
