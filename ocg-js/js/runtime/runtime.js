/** The PluginRuntime object (plugin contract §3.4). */
import { commands } from "ocg:runtime/commands";
import { config } from "ocg:runtime/config";
import { debounce } from "ocg:runtime/debounce";
import {
  resolveChannelGroupPolicy,
  resolveChannelGroupRequireMention,
} from "ocg:runtime/group-policy";
import { inbound } from "ocg:runtime/inbound";
import { logging } from "ocg:runtime/logging";
import { media, mediaFiles } from "ocg:runtime/media";
import { mentions } from "ocg:runtime/mentions";
import { pairing } from "ocg:runtime/pairing";
import { reply } from "ocg:runtime/reply";
import { routing } from "ocg:runtime/routing";
import { runtimeContexts } from "ocg:runtime/runtime-contexts";
import { session } from "ocg:runtime/session";
import { state } from "ocg:runtime/state";
import { text } from "ocg:runtime/text";

/** What plugins reach as `runtime.channel` and as `ctx.channelRuntime`. */
export const channelRuntime = {
  commands,
  debounce,
  inbound,
  /** Older plugins know `inbound` by this name. */
  turn: inbound,
  media,
  mentions,
  pairing,
  reply,
  routing,
  runtimeContexts,
  session,
  text,
  activity: { record() {}, get: () => ({ inboundAt: null, outboundAt: null }) },
  groups: {
    resolveGroupPolicy: resolveChannelGroupPolicy,
    resolveRequireMention: resolveChannelGroupRequireMention,
  },
  reactions: { shouldAckReaction: () => false },
};

/** What only an agent engine can do. @param {string} what */
const refuse = (what) => async () => {
  throw new Error(`${what} is a feature of an agent engine, which OCG has not`);
};

export const pluginRuntime = {
  /** The OpenClaw release whose contract this runtime keeps. */
  version: "2026.9.6",
  config,
  logging,
  channel: channelRuntime,
  media: mediaFiles,
  state,
  events: { onAgentEvent: () => () => {}, onSessionTranscriptUpdate: () => () => {} },
  system: {
    enqueueSystemEvent: () => false,
    formatNativeDependencyHint: ({ packageName } = {}) =>
      `${packageName ?? "a native package"} cannot run under OCG`,
    runCommandWithTimeout: refuse("running programs"),
  },
  tts: {
    textToSpeech: async () => ({ success: false, error: "OCG has no text to speech" }),
    textToSpeechTelephony: async () => ({ success: false, error: "OCG has no text to speech" }),
  },
  mediaUnderstanding: { transcribeAudioFile: async () => ({ text: undefined }) },
};
