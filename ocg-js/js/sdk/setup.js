/** Setting channels up. */
export { DEFAULT_ACCOUNT_ID, normalizeAccountId } from "openclaw/plugin-sdk/account-id";
export { formatDocsLink } from "openclaw/plugin-sdk/setup-tools";

/** The configuration with a channel switched on or off. */
export function setSetupChannelEnabled(cfg, channel, enabled) {
  return {
    ...cfg,
    channels: { ...cfg.channels, [channel]: { ...cfg.channels?.[channel], enabled } },
  };
}

/** How a setup wizard tells whether a channel is configured. */
export function createStandardChannelSetupStatus(params) {
  const { channelLabel, includeStatusLine, resolveExtraStatusLines } = params;
  const status = {};
  for (const name of ["configuredLabel", "unconfiguredLabel", "resolveConfigured"]) {
    status[name] = params[name];
  }
  for (const name of ["configuredHint", "unconfiguredHint"]) {
    if (params[name]) status[name] = params[name];
  }
  for (const name of ["configuredScore", "unconfiguredScore"]) {
    if (typeof params[name] === "number") status[name] = params[name];
  }
  if (includeStatusLine || resolveExtraStatusLines) {
    status.resolveStatusLines = async ({ cfg, accountId, configured }) => {
      const label = configured ? params.configuredLabel : params.unconfiguredLabel;
      const own = includeStatusLine ? [`${channelLabel}: ${label}`] : [];
      const more = await resolveExtraStatusLines?.({ cfg, accountId, configured });
      return [...own, ...(more ?? [])];
    };
  }
  return status;
}
