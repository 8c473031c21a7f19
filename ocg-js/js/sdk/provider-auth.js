/** Where secrets come from. */

/** The provider that references without one mean. */
export function resolveDefaultSecretProviderAlias(config, source, options) {
  const configured = config?.secrets?.defaults?.[source]?.trim();
  if (configured) return configured;
  const providers = Object.entries(config?.secrets?.providers ?? {});
  const first = options?.preferFirstProviderForSource
    ? providers.find(([, provider]) => provider?.source === source)
    : undefined;
  return first?.[0] ?? "default";
}
