/** The SDK's own module, from which plugins of the first generations take everything. */
export { DEFAULT_ACCOUNT_ID, normalizeAccountId } from "openclaw/plugin-sdk/account-id";
export {
  applyAccountNameToChannelSection,
  buildChannelConfigSchema,
  deleteAccountFromConfigSection,
  emptyPluginConfigSchema,
  setAccountEnabledInConfigSection,
} from "openclaw/plugin-sdk/core";
