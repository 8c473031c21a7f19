/** Whether a channel serves groups (plugin contract §6.1). */

/** The policy of all channels. */
export function resolveDefaultGroupPolicy(cfg) {
  return cfg.channels?.defaults?.groupPolicy;
}

function resolvePolicy(params, otherwise) {
  const { providerConfigPresent, groupPolicy, defaultGroupPolicy } = params;
  if (providerConfigPresent) {
    return {
      groupPolicy: groupPolicy ?? defaultGroupPolicy ?? otherwise,
      providerMissingFallbackApplied: false,
    };
  }
  // A channel that is not configured must not be opened by what holds for the others.
  return {
    groupPolicy: groupPolicy ?? "allowlist",
    providerMissingFallbackApplied: groupPolicy === undefined,
  };
}

/** For channels that serve all groups unless told otherwise. */
export function resolveOpenProviderRuntimeGroupPolicy(params) {
  return resolvePolicy(params, "open");
}

/** For channels that serve no group unless told otherwise. */
export function resolveAllowlistProviderRuntimeGroupPolicy(params) {
  return resolvePolicy(params, "allowlist");
}
