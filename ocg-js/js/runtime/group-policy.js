/** Which groups a channel serves, and whether it must be mentioned there (plugin contract §6.1). */
import { accountSection } from "ocg:runtime/account-sections";

/**
 * The groups that hold for an account. An account without groups of its own has the channel's; an
 * empty list means the channel's only while the account is the only one.
 */
function groupsOf(section, account) {
  const own = account?.groups;
  if (!own) return section?.groups;
  const only = Object.keys(section.accounts ?? {}).length <= 1;
  return only && Object.keys(own).length === 0 ? (section.groups ?? own) : own;
}

function groupIn(groups, groupId, caseInsensitive) {
  if (!groups || !groupId) return undefined;
  if (groups[groupId] || !caseInsensitive) return groups[groupId];
  const wanted = groupId.toLowerCase();
  const key = Object.keys(groups).find((one) => one !== "*" && one.trim().toLowerCase() === wanted);
  return key === undefined ? undefined : groups[key];
}

/**
 * @param {{ cfg: object, channel: string, accountId?: string | null, groupId?: string | null,
 *   groupIdCaseInsensitive?: boolean, hasGroupAllowFrom?: boolean }} params
 */
export function resolveChannelGroupPolicy(params) {
  const section = params.cfg?.channels?.[params.channel];
  const account = accountSection(section, params.accountId);
  const groups = groupsOf(section, account);
  const policy = account?.groupPolicy ?? section?.groupPolicy;
  const hasGroups = Object.keys(groups ?? {}).length > 0;
  const groupConfig = groupIn(groups, params.groupId?.trim(), params.groupIdCaseInsensitive);
  const defaultConfig = groups?.["*"];
  const allowlistEnabled = policy === "allowlist" || hasGroups;
  const listed = Boolean(groupConfig) || Boolean(groups && Object.hasOwn(groups, "*"));
  // Where only people are listed, they are in every group.
  const bySender = policy === "allowlist" && !hasGroups && Boolean(params.hasGroupAllowFrom);
  return {
    allowlistEnabled,
    allowed: policy !== "disabled" && (!allowlistEnabled || listed || bySender),
    groupConfig,
    defaultConfig,
  };
}

const isSet = (value) => typeof value === "boolean";

/** Whether the bot answers in a group only when it is mentioned. */
export function resolveChannelGroupRequireMention(params) {
  const { groupConfig, defaultConfig } = resolveChannelGroupPolicy(params);
  const { requireMentionOverride: override, overrideOrder } = params;
  const configured = [groupConfig?.requireMention, defaultConfig?.requireMention].find(isSet);
  const answers =
    overrideOrder === "before-config" ? [override, configured] : [configured, override];
  return answers.find(isSet) ?? !(params.configuredGroupDefaultsToNoMention && groupConfig);
}
