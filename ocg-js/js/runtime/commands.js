/** The `channel.commands` branch: which texts are commands, and who may give them. */
import { resolveCommandAuthorizedFromAuthorizers } from "openclaw/plugin-sdk/command-auth";

/** A text command: a slash or bang and a word, alone at the start of the message. */
const CONTROL_COMMAND = /^[/!][a-z][\w-]*(?:[:@\s]|$)/i;

/** @param {string | null | undefined} text */
export function isControlCommandMessage(text) {
  return CONTROL_COMMAND.test((text ?? "").trim());
}

export const commands = {
  isControlCommandMessage,
  hasControlCommand: isControlCommandMessage,
  shouldComputeCommandAuthorized: isControlCommandMessage,
  shouldHandleTextCommands: ({ cfg } = {}) => cfg?.commands?.text !== false,
  resolveCommandAuthorizedFromAuthorizers,
};
