/** What a plugin's package.json says of its channel. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

let root;

/** Tells where the plugin is. @param {string} folder */
export function setPluginRoot(folder) {
  root = folder;
}

/** The channel's labels and links. @param {string} id */
export function channelMeta(id) {
  const { openclaw } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const { channel, channels = [] } = openclaw ?? {};
  const found = [channel, ...channels].find((one) => one?.id === id);
  if (!found) throw new Error(`the plugin's package.json has no channel "${id}"`);
  return { docsPath: `/channels/${id}`, blurb: "", selectionLabel: found.label, ...found };
}
