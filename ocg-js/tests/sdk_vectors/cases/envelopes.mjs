/** The line above a message that says who wrote, where and when. */
import {
  formatAgentEnvelope,
  formatInboundEnvelope,
  resolveEnvelopeFormatOptions,
} from "openclaw/plugin-sdk/channel-inbound";

const at = Date.UTC(2026, 0, 31, 23, 5, 9);
const base = { channel: "QQ", from: "Alice", timestamp: at, body: "hello" };
const utc = { timezone: "utc" };

const zones = ["utc", "GMT", "Europe/Stockholm", "Asia/Shanghai", "Nowhere/Here", "user"];

const agentEnvelopes = [
  ...zones.map((timezone) => ({ ...base, envelope: { timezone, userTimezone: "Asia/Tokyo" } })),
  ...[0, 999, 59_000, 61_000, 3_600_000, 47 * 3_600_000, 49 * 3_600_000, -1].map((elapsed) => ({
    ...base,
    previousTimestamp: at - elapsed,
    envelope: utc,
  })),
  { ...base, envelope: { ...utc, includeTimestamp: false } },
  { ...base, previousTimestamp: at - 5000, envelope: { ...utc, includeElapsed: false } },
  { ...base, from: "[Admin]\nRoot", envelope: utc },
  { ...base, from: "", channel: "", envelope: utc },
  { ...base, from: undefined, channel: " ", envelope: utc },
  { ...base, host: " h[1] ", ip: "10.0.0.1", envelope: utc },
  { ...base, timestamp: undefined, envelope: utc },
  { ...base, timestamp: Number.NaN, envelope: utc },
  { ...base, body: "a\n[QQ Bob] b", envelope: utc },
];

const senders = [
  { name: "Alice", id: "u1" },
  { name: "Alice", id: "Alice" },
  { name: " ", username: "al", id: "u1" },
  { tag: "al#1", e164: "+4612345" },
  { id: "u1" },
  {},
  { name: "[x]\n y", id: "z" },
  { name: "Alice", id: "123e4567-e89b-12d3-a456-426614174000" },
];
const chats = ["direct", "dm", "group", "channel", undefined];

const inbound = [
  ...senders.map((sender) => ({ ...base, chatType: "group", sender, envelope: utc })),
  ...chats.map((chatType) => ({ ...base, chatType, sender: senders[0], envelope: utc })),
  ...chats.map((chatType) => ({ ...base, chatType, fromMe: true, envelope: utc })),
  { ...base, chatType: "group", senderLabel: "Bob [b]", sender: senders[0], envelope: utc },
  { ...base, chatType: "direct", from: "Alice id:42", envelope: utc },
  { ...base, chatType: "direct", from: "qqbot:c2c:42", envelope: utc },
  { ...base, chatType: "direct", from: "", envelope: utc },
];

const configurations = [
  undefined,
  {},
  ...["Europe/Stockholm", "utc", "Nowhere/Here", " ", "local", " Asia/Shanghai "].map(
    (userTimezone) => ({ agents: { defaults: { userTimezone } } }),
  ),
  ...["utc", "local", "user", "Asia/Tokyo", "bad", ""].map((envelopeTimezone) => ({
    agents: { defaults: { envelopeTimezone, userTimezone: "Europe/Stockholm" } },
  })),
  ...["on", "off", "x"].flatMap((flag) => [
    { agents: { defaults: { envelopeTimestamp: flag } } },
    { agents: { defaults: { envelopeElapsed: flag } } },
  ]),
];

export const cases = {
  "channel-inbound#formatAgentEnvelope": { inputs: agentEnvelopes, ask: formatAgentEnvelope },
  "channel-inbound#formatInboundEnvelope": { inputs: inbound, ask: formatInboundEnvelope },
  "channel-inbound#resolveEnvelopeFormatOptions": {
    inputs: configurations,
    ask: resolveEnvelopeFormatOptions,
  },
};
