/** Loading a plugin: its entry, its registration, its channels (plugin contract §4.1, §4.2). */
import { createPluginApi } from "ocg:runtime/api";
import { setPluginRoot } from "ocg:runtime/channel-meta";
import { loginKind } from "ocg:runtime/login-kind";
import { byteLimit } from "ocg:runtime/byte-limit";
import { channels, takesWholeAnswers } from "ocg:runtime/plugin-registry";

/**
 * Imports the entry and runs its registration.
 *
 * @param {{ entry: string, package: string, version: string, root: string }} params
 * @returns {Promise<{ channels: object[] }>}
 */
export async function loadPlugin(params) {
  setPluginRoot(params.root);
  const module = await import(params.entry);
  const plugin = module.default ?? module;
  if (typeof plugin?.register !== "function") {
    throw new Error(`${params.package} is no plugin: its entry exports no register() function`);
  }
  const api = createPluginApi({ ...params, id: plugin.id ?? params.package }, registerChannel);
  await plugin.register(api);
  if (channels.size === 0) throw new Error(`${params.package} registered no channel`);
  return { channels: [...channels.values()].map(describeChannel) };
}

function registerChannel(registration) {
  const plugin = registration?.plugin ?? registration;
  if (typeof plugin?.id !== "string" || !plugin.config) {
    throw new Error("registerChannel needs a channel plugin with an id and a config adapter");
  }
  channels.set(plugin.id, plugin);
}

function describeChannel(plugin) {
  const coalesce = plugin.streaming?.blockStreamingCoalesceDefaults;
  const textLimit = plugin.outbound?.textChunkLimit;
  return {
    id: plugin.id,
    textLimit,
    textLimitBytes: byteLimit(plugin.outbound),
    // A plugin that says nothing may be on a platform that counts answers (QQ takes five to one
    // message): it gets as few as can be, however long the agent pauses.
    blockMinChars: coalesce?.minChars ?? textLimit,
    blockIdleMs: coalesce?.idleMs,
    wholeAnswers: takesWholeAnswers(plugin),
    canSend: Boolean(plugin.outbound?.sendText),
    reloadPrefixes: plugin.reload?.configPrefixes ?? [],
    login: loginKind(plugin),
  };
}
