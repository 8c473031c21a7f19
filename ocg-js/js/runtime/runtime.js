/** The PluginRuntime object (plugin contract §3.4). */
import { resolveStateDir } from "ocg:runtime/state-dir";
import { commands } from "ocg:runtime/commands";
import { config } from "ocg:runtime/config";
import { logging } from "ocg:runtime/logging";
import { media } from "ocg:runtime/media";
import { reply } from "ocg:runtime/reply";
import { routing } from "ocg:runtime/routing";
import { session } from "ocg:runtime/session";
import { text } from "ocg:runtime/text";

/** What plugins reach as `runtime.channel` and as `ctx.channelRuntime`. */
export const channelRuntime = {
  commands,
  media,
  reply,
  routing,
  session,
  text,
  activity: { record() {} },
};

export const pluginRuntime = {
  /** The OpenClaw release whose contract this runtime keeps. */
  version: "2026.9.6",
  config,
  logging,
  channel: channelRuntime,
  state: { resolveStateDir },
};
