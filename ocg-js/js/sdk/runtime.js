/** Secrets that an agent engine's gateway would look up: ocg.json holds them itself. (inert) */
export const getChannelsCommandSecretTargetIds = () => new Set();
export const resolveCommandSecretRefsViaGateway = async ({ config }) => ({
  resolvedConfig: config,
  diagnostics: [],
});
