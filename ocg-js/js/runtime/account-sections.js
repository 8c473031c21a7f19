/** Accounts in a channel's section of the configuration; functions that change it return the next one. */
import { DEFAULT_ACCOUNT_ID, normalizeAccountId } from "openclaw/plugin-sdk/account-id";

function withSection(cfg, channel, section) {
  const channels = { ...cfg.channels, [channel]: section };
  if (section === undefined) delete channels[channel];
  const { channels: _channels, ...rest } = cfg;
  return Object.keys(channels).length > 0 ? { ...rest, channels } : rest;
}

/** What a section says of one of its accounts, however its id is spelt there. */
export function accountSection(section, accountId) {
  const accounts = section?.accounts ?? {};
  const id = normalizeAccountId(accountId);
  if (Object.hasOwn(accounts, id)) return accounts[id];
  return accounts[Object.keys(accounts).find((key) => key.trim().toLowerCase() === id)];
}

/** Names an account: at the section itself while it holds the only account. */
export function applyAccountNameToChannelSection(params) {
  const { cfg, channelKey, alwaysUseAccounts } = params;
  const name = params.name?.trim();
  if (!name) return cfg;
  const accountId = normalizeAccountId(params.accountId);
  const section = cfg.channels?.[channelKey] ?? {};
  const accounts = section.accounts ?? {};
  const isOnly = accountId === DEFAULT_ACCOUNT_ID && Object.keys(accounts).length === 0;
  if (isOnly && !alwaysUseAccounts) return withSection(cfg, channelKey, { ...section, name });
  const base = { ...section };
  if (accountId === DEFAULT_ACCOUNT_ID) delete base.name;
  const account = { ...accounts[accountId], name };
  return withSection(cfg, channelKey, { ...base, accounts: { ...accounts, [accountId]: account } });
}

/** Removes an account, and the section with its last one. */
export function deleteAccountFromConfigSection(params) {
  const { cfg, sectionKey, clearBaseFields = [] } = params;
  const accountId = params.accountId || DEFAULT_ACCOUNT_ID;
  const section = cfg.channels?.[sectionKey];
  if (!section) return cfg;
  const accounts = { ...section.accounts };
  const isDefault = accountId === DEFAULT_ACCOUNT_ID;
  if (isDefault && Object.keys(accounts).length === 0) return withSection(cfg, sectionKey);
  delete accounts[accountId];
  const next = { ...section, accounts: Object.keys(accounts).length > 0 ? accounts : undefined };
  if (isDefault) {
    for (const field of clearBaseFields) if (field in next) next[field] = undefined;
  }
  return withSection(cfg, sectionKey, next);
}

/** Switches an account on or off. */
export function setAccountEnabledInConfigSection(params) {
  const { cfg, sectionKey, enabled, allowTopLevel } = params;
  const accountId = params.accountId || DEFAULT_ACCOUNT_ID;
  const section = cfg.channels?.[sectionKey];
  if (allowTopLevel && accountId === DEFAULT_ACCOUNT_ID && !section?.accounts) {
    return withSection(cfg, sectionKey, { ...section, enabled });
  }
  const accounts = section?.accounts ?? {};
  const account = { ...accounts[accountId], enabled };
  return withSection(cfg, sectionKey, {
    ...section,
    accounts: { ...accounts, [accountId]: account },
  });
}
