/** Models to choose from: none. (inert) */
export const buildPreparedModelsProviderData = async () => ({
  byProvider: new Map(),
  providers: [],
  resolvedDefault: { provider: "ocg", model: "agent" },
  modelNames: new Map(),
});
