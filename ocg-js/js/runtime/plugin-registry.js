/** The channels that the plugin of this isolate registered. */

/** Channel plugins by id. @type {Map<string, Record<string, any>>} */
export const channels = new Map();

/** The channel plugin with this id, if there is one. @param {string} id */
export function findChannelPlugin(id) {
  return channels.get(id);
}

/** The channel plugin with this id. @param {string} id */
export function channelPlugin(id) {
  const plugin = channels.get(id);
  if (!plugin) throw new Error(`the plugin registered no channel "${id}"`);
  return plugin;
}

/** The id of the plugin's channel, where it has one. */
export function currentChannel() {
  const [id] = channels.keys();
  if (!id) throw new Error("the plugin has registered no channel yet");
  return id;
}

/**
 * Whether a plugin takes each payload for the whole answer so far, and ends the answer when the
 * hand-off returns, as those do that refuse block streaming (DingTalk).
 */
export function takesWholeAnswers(plugin) {
  return plugin?.capabilities?.blockStreaming === false;
}
