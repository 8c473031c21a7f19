/** The log. */
import { createSubsystemLogger } from "ocg:runtime/logging";

export { redactSensitiveText } from "ocg:runtime/errors";

const log = createSubsystemLogger("webhook");
const at = ({ channel, updateType, chatId }) =>
  [channel, updateType, chatId && `chat ${chatId}`].filter(Boolean).join(" ");

export function logWebhookReceived(params) {
  log.debug(`received ${at(params)}`);
}

export function logWebhookProcessed(params) {
  log.debug(`processed ${at(params)} in ${params.durationMs ?? "?"} ms`);
}

export function logWebhookError(params) {
  log.warn(`failed ${at(params)}: ${params.error}`);
}

export { redactSensitiveText as redactToolPayloadText } from "ocg:runtime/errors";
