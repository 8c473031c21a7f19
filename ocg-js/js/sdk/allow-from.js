/** Lists of people who may write (plugin contract §6.1). */
import {
  normalizeOptionalString,
  normalizeStringEntries,
} from "openclaw/plugin-sdk/string-coerce-runtime";

/** Who may write in direct chats: approved people count only where the policy is to pair. */
export function mergeDmAllowFromSources({ dmPolicy, allowFrom, storeAllowFrom }) {
  const pairs = dmPolicy !== "allowlist" && dmPolicy !== "open";
  return normalizeStringEntries([...(allowFrom ?? []), ...((pairs && storeAllowFrom) || [])]);
}

/** Who may write in groups: without a list of its own, those of direct chats. */
export function resolveGroupAllowFromSources({ groupAllowFrom, allowFrom, fallbackToAllowFrom }) {
  if (groupAllowFrom?.length > 0) return normalizeStringEntries(groupAllowFrom);
  return fallbackToAllowFrom === false ? [] : normalizeStringEntries(allowFrom ?? []);
}

/**
 * @param {{ entries: string[], hasEntries: boolean, hasWildcard: boolean }} allow
 * @param {string | undefined} senderId
 * @param {boolean} allowWhenEmpty
 */
export function isSenderIdAllowed(allow, senderId, allowWhenEmpty) {
  if (!allow.hasEntries) return allowWhenEmpty;
  return allow.hasWildcard || (Boolean(senderId) && allow.entries.includes(senderId));
}

/** @param {{ allowFrom: (string | number)[], stripPrefixRe?: RegExp }} params */
export function formatAllowFromLowercase({ allowFrom, stripPrefixRe }) {
  return normalizeStringEntries(allowFrom)
    .map((entry) => (stripPrefixRe ? entry.replace(stripPrefixRe, "") : entry))
    .map((entry) => normalizeOptionalString(entry)?.toLowerCase())
    .filter(Boolean);
}

/** @param {{ senderId: string | number, allowFrom: unknown[], stripPrefixRe?: RegExp }} params */
export function isNormalizedSenderAllowed({ senderId, ...list }) {
  const allowed = formatAllowFromLowercase(list);
  const sender = String(senderId).trim().toLowerCase();
  return allowed.includes("*") || (Boolean(sender) && allowed.includes(sender));
}
