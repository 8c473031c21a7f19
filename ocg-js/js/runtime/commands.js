/** The `channel.commands` branch: which texts are commands, and who may give them. */

/** A text command: a slash or bang and a word, alone at the start of the message. */
const CONTROL_COMMAND = /^[/!][a-z][\w-]*(?:[:@\s]|$)/i;

function isControlCommandMessage(text) {
  return CONTROL_COMMAND.test((text ?? "").trim());
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
function resolveCommandAuthorizedFromAuthorizers(params) {
  const { useAccessGroups, authorizers, modeWhenAccessGroupsOff = "allow" } = params;
  const anyAllowed = authorizers.some((one) => one.configured && one.allowed);
  if (useAccessGroups) return anyAllowed;
  if (modeWhenAccessGroupsOff === "allow") return true;
  if (modeWhenAccessGroupsOff === "deny") return false;
  return !authorizers.some((one) => one.configured) || anyAllowed;
}

export const commands = {
  isControlCommandMessage,
  hasControlCommand: isControlCommandMessage,
  shouldComputeCommandAuthorized: isControlCommandMessage,
  shouldHandleTextCommands: ({ cfg } = {}) => cfg?.commands?.text !== false,
  resolveCommandAuthorizedFromAuthorizers,
};
