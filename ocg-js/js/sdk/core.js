/** The entry and the configuration helpers of channel plugins. */
import { registerInMode } from "openclaw/plugin-sdk/channel-entry-contract";

export { buildChannelConfigSchema } from "openclaw/plugin-sdk/channel-config-schema";
export {
  applyAccountNameToChannelSection,
  deleteAccountFromConfigSection,
  setAccountEnabledInConfigSection,
} from "ocg:runtime/account-sections";
export { resolveClientIp } from "ocg:runtime/client-ip";

/** A configuration schema that accepts nothing but an empty section. */
export function emptyPluginConfigSchema() {
  return { schema: { type: "object", additionalProperties: false, properties: {} } };
}

/** The entry of a plugin whose channel is at hand. */
export function defineChannelPluginEntry(params) {
  const { id, name, description, plugin, setRuntime, configSchema } = params;
  return {
    id,
    name,
    description,
    get configSchema() {
      return typeof configSchema === "function"
        ? configSchema()
        : (configSchema ?? emptyPluginConfigSchema());
    },
    register(api) {
      registerInMode(api, {
        ...params,
        registerChannel() {
          api.registerChannel({ plugin });
          setRuntime?.(api.runtime);
        },
      });
    },
    channelPlugin: plugin,
    ...(setRuntime ? { setChannelRuntime: setRuntime } : {}),
  };
}
