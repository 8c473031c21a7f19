/** Commands that plugins register for an agent engine: none. (inert) */
export const createPluginCommandRuntime = () => ({
  listNativeCandidates: () => [],
  retainNativeCatalog() {},
});
