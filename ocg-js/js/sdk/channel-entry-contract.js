/** Entries of plugins that load their parts when they are registered (plugin contract §4.1). */
import { createRequire } from "node:module";

/**
 * What a module of the plugin exports, loaded at once.
 *
 * @param {string} importMetaUrl the file that the specifier is relative to
 * @param {{ specifier: string, exportName?: string }} reference
 */
export function loadBundledEntryExportSync(importMetaUrl, reference) {
  const { specifier, exportName } = reference;
  const loaded = createRequire(importMetaUrl)(specifier);
  const main = loaded?.default ?? loaded;
  if (!exportName) return main;
  for (const exports of [loaded, main]) {
    if (exports && exportName in exports) return exports[exportName];
  }
  throw new Error(`missing export "${exportName}" from bundled entry module ${specifier}`);
}

/** The entry of a plugin whose parts are named by file. */
export function defineBundledChannelEntry(params) {
  const { id, name, description, importMetaUrl, features, accountInspect } = params;
  const loader = (reference) =>
    reference && (() => loadBundledEntryExportSync(importMetaUrl, reference));
  const loadChannelPlugin = loader(params.plugin);
  const setChannelRuntime = runtimeSetter(params);
  const optional = {
    loadChannelOutbound: loader(params.outbound),
    loadChannelSecrets: loader(params.secrets),
    loadChannelAccountInspector: loader(accountInspect),
    setChannelRuntime,
  };
  return {
    kind: "bundled-channel-entry",
    id,
    name,
    description,
    get configSchema() {
      const { configSchema } = params;
      return typeof configSchema === "function" ? configSchema() : (configSchema ?? anyConfig());
    },
    ...(features || accountInspect
      ? { features: { ...features, ...(accountInspect ? { accountInspect: true } : {}) } }
      : {}),
    register(api) {
      registerInMode(api, {
        ...params,
        registerChannel() {
          api.registerChannel({ plugin: loadChannelPlugin() });
          setChannelRuntime?.(api.runtime);
        },
      });
    },
    loadChannelPlugin,
    ...given(optional),
  };
}

/** The entry that only sets a plugin up. */
export function defineBundledChannelSetupEntry(params) {
  const { importMetaUrl, features, registerSetupRuntime } = params;
  const loader = (reference) =>
    reference && (() => loadBundledEntryExportSync(importMetaUrl, reference));
  return {
    kind: "bundled-channel-setup-entry",
    loadSetupPlugin: loader(params.plugin),
    ...given({
      loadSetupSecrets: loader(params.secrets),
      loadLegacyStateMigrationDetector: loader(params.legacyStateMigrations),
      loadLegacySessionSurface: loader(params.legacySessionSurface),
      setChannelRuntime: runtimeSetter(params),
      registerSetupRuntime,
      features,
    }),
  };
}

/** What an entry registers in each registration mode (plugin contract §4.2). */
export function registerInMode(api, entry) {
  const mode = api.registrationMode;
  if (mode === "cli-metadata") return void entry.registerCliMetadata?.(api);
  if (mode !== "tool-discovery") entry.registerChannel();
  if (mode === "setup-only" || mode === "setup-runtime") return;
  if (mode !== "tool-discovery") entry.registerCliMetadata?.(api);
  if (mode !== "discovery") entry.registerFull?.(api);
  entry.registerCapabilities?.(api);
}

function runtimeSetter({ importMetaUrl, runtime }) {
  return (
    runtime &&
    ((pluginRuntime) => loadBundledEntryExportSync(importMetaUrl, runtime)(pluginRuntime))
  );
}

function anyConfig() {
  return { schema: { type: "object", additionalProperties: true } };
}

function given(fields) {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
