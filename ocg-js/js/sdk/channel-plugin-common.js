/** What a plugin's manifest says of its channel. */
export { channelMeta as getChatChannelMeta } from "ocg:runtime/channel-meta";
