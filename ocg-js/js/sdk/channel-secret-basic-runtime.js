/** Secrets in a channel's section. OCG has put secrets in the place of references before. */
import { isRecord } from "openclaw/plugin-sdk/string-coerce-runtime";
import { hasConfiguredSecretInput } from "openclaw/plugin-sdk/secret-input";

/** A channel's section and its accounts, or null. */
export function getChannelSurface(config, channelKey) {
  const channel = config?.channels?.[channelKey];
  if (!isRecord(channel)) return null;
  const channelEnabled = channel.enabled !== false;
  const hasExplicitAccounts =
    isRecord(channel.accounts) && Object.keys(channel.accounts).length > 0;
  const accounts = hasExplicitAccounts
    ? Object.entries(channel.accounts)
        .filter(([, account]) => isRecord(account))
        .map(([accountId, account]) => ({
          accountId,
          account,
          enabled: channelEnabled && account.enabled !== false,
        }))
    : [{ accountId: "default", account: channel, enabled: channelEnabled }];
  return { channel, surface: { hasExplicitAccounts, channelEnabled, accounts } };
}

/** Whether there is a secret or a reference to one. */
export function hasConfiguredSecretInputValue(value, defaults) {
  return hasConfiguredSecretInput(value, defaults);
}

/** Collects references to resolve: none are left (inert by design). */
export function collectConditionalChannelFieldAssignments() {}
