/** How the configuration wants messages cut. */
import { accountSection } from "ocg:runtime/account-sections";

const DEFAULT_LIMIT = 4000;

const isPositive = (value) => typeof value === "number" && value > 0;

/** The section of a channel and of one of its accounts, the narrower one first. */
function sectionsOf(cfg, channel, accountId) {
  const section = channel && channel !== "webchat" ? cfg?.channels?.[channel] : undefined;
  return [accountSection(section, accountId), section].filter(Boolean);
}

/**
 * The longest message of an account, in UTF-16 units.
 *
 * @param {object} cfg
 * @param {string} channel
 * @param {string | null} [accountId]
 * @param {{ fallbackLimit?: number }} [options]
 */
export function resolveTextChunkLimit(cfg, channel, accountId, options) {
  const limits = sectionsOf(cfg, channel, accountId).map((one) => one.textChunkLimit);
  const configured = limits.find((limit) => typeof limit === "number");
  if (isPositive(configured)) return configured;
  return isPositive(options?.fallbackLimit) ? options.fallbackLimit : DEFAULT_LIMIT;
}

/** Whether messages are cut by length alone or between paragraphs. */
export function resolveChunkMode(cfg, channel, accountId) {
  const modes = sectionsOf(cfg, channel, accountId).map((one) => one.streaming?.chunkMode);
  return modes.find((mode) => mode === "length" || mode === "newline") ?? "length";
}
