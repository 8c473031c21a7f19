/** Strings, numbers, secrets, MIME types, sections of the configuration. */
import * as outbound from "openclaw/plugin-sdk/channel-outbound";
import * as core from "openclaw/plugin-sdk/core";
import * as mime from "openclaw/plugin-sdk/media-mime";
import * as numbers from "openclaw/plugin-sdk/number-runtime";
import * as secrets from "openclaw/plugin-sdk/secret-input";
import * as strings from "openclaw/plugin-sdk/string-coerce-runtime";
import { createChannelHistoryWindow } from "openclaw/plugin-sdk/reply-history";
import { isBlockedHostnameOrIp } from "openclaw/plugin-sdk/ssrf-runtime";
import { truncateUtf16Safe } from "openclaw/plugin-sdk/text-utility-runtime";

const values = [undefined, null, "", "  ", "a", " A b ", 0, 1, 1.5, -1, "12", " 7 ", "-3", "1e3", true, {}];

const hosts = [
  "",
  "example.com",
  "localhost",
  "LOCALHOST.",
  "a.localhost",
  "printer.local",
  "db.internal",
  "metadata.google.internal",
  "127.0.0.1",
  "127.1",
  "0x7f000001",
  "2130706433",
  "0177.0.0.1",
  "10.0.0.1",
  "172.16.0.1",
  "172.32.0.1",
  "192.168.1.1",
  "169.254.169.254",
  "100.64.0.1",
  "198.18.0.1",
  "8.8.8.8",
  "::1",
  "[::1]",
  "fe80::1",
  "fc00::1",
  "::ffff:10.0.0.1",
  "::ffff:8.8.8.8",
  "2606:4700:4700::1111",
  "64:ff9b::7f00:1",
  "2001:db8::1",
  "0.0.0.0",
  "224.0.0.1",
  "255.255.255.255",
];

const sections = [
  {},
  { channels: { chat: { token: "t" } } },
  { channels: { chat: { name: "old", accounts: { ops: { token: "t" } } } } },
  { channels: { chat: { accounts: { Ops: { token: "t", enabled: true } } } } },
];

const history = [
  { limit: 3, entries: ["a", "b"] },
  { limit: 2, entries: ["a", "b", "c"] },
  { limit: 0, entries: ["a"] },
  { limit: 5, entries: [] },
];

export const cases = {
  "string-coerce-runtime#normalizeOptionalString": {
    inputs: values,
    ask: strings.normalizeOptionalString,
  },
  "string-coerce-runtime#normalizeLowercaseStringOrEmpty": {
    inputs: values,
    ask: strings.normalizeLowercaseStringOrEmpty,
  },
  "string-coerce-runtime#asBoolean": { inputs: values, ask: strings.asBoolean },
  "number-runtime#parseStrictPositiveInteger": {
    inputs: values,
    ask: (value) => numbers.parseStrictPositiveInteger(value),
  },
  "number-runtime#finiteSecondsToTimerSafeMilliseconds": {
    inputs: [...values, 0.0001, 1e12, 2.5],
    ask: (value) => numbers.finiteSecondsToTimerSafeMilliseconds(value),
  },
  "number-runtime#resolveExpiresAtMsFromDurationMs": {
    inputs: [
      [1000],
      [0],
      [-1],
      [1.5],
      [1000, 100],
      [1000, 2000],
      [1000, 2000, 50],
      [Number.MAX_SAFE_INTEGER],
    ],
    ask: ([ms, bufferMs, minRemainingMs]) =>
      numbers.resolveExpiresAtMsFromDurationMs(ms, { nowMs: 10_000, bufferMs, minRemainingMs }),
  },
  "number-runtime#formatByteSize": {
    inputs: [0, 1, 1023, 1024, 1536, 1048576, 5e9].flatMap((bytes) =>
      ["iec", "legacy-binary"].map((style) => ({ bytes, style })),
    ),
    ask: ({ bytes, style }) =>
      numbers.formatByteSize(bytes, {
        style,
        maxUnit: "mega",
        separator: " ",
        fractionDigits: (_, unit) => (unit === "byte" ? null : 1),
      }),
  },
  "secret-input#coerceSecretRef": {
    inputs: [
      ...values,
      "${TOKEN}",
      " ${TOKEN} ",
      "${token}",
      { source: "env", provider: "default", id: "TOKEN" },
      { source: "env", id: "TOKEN" },
      { source: "file", provider: "x", id: "/a" },
      { source: "vault", provider: "x", id: "a" },
      { source: "env", provider: "x" },
    ],
    ask: (value) => secrets.coerceSecretRef(value),
  },
  "secret-input#hasConfiguredSecretInput": {
    inputs: [...values, "${TOKEN}", { source: "env", provider: "default", id: "TOKEN" }],
    ask: (value) => secrets.hasConfiguredSecretInput(value),
  },
  "secret-input#normalizeResolvedSecretInputString": {
    inputs: ["", " s ", undefined, { source: "env", provider: "default", id: "T" }, "${T}"],
    ask: (value) => {
      try {
        return secrets.normalizeResolvedSecretInputString({ value, path: "a.b" });
      } catch {
        return "refused";
      }
    },
  },
  "ssrf-runtime#isBlockedHostnameOrIp": {
    inputs: hosts,
    ask: (host) => isBlockedHostnameOrIp(host),
  },
  "text-utility-runtime#truncateUtf16Safe": {
    inputs: [
      ["abc", 2],
      ["abc", 5],
      ["a😀b", 2],
      ["a😀b", 3],
      ["😀", 1],
      ["x", 0],
      ["x", -1],
      ["abc", 1.9],
    ],
    ask: ([text, limit]) => truncateUtf16Safe(text, limit),
  },
  "media-mime#getFileExtension": {
    inputs: [
      "a.PNG",
      "/x/y.tar.gz",
      "https://h/p/a%20b.jpg?x=1",
      "https://h/",
      "noext",
      "",
      undefined,
      "C:\\a\\b.Doc",
    ],
    ask: mime.getFileExtension,
  },
  "core#applyAccountNameToChannelSection": {
    inputs: sections.flatMap((cfg) =>
      ["default", "ops", "new"].flatMap((accountId) =>
        ["Name", " "].map((name) => ({ cfg, accountId, name })),
      ),
    ),
    ask: (input) => core.applyAccountNameToChannelSection({ ...input, channelKey: "chat" }),
  },
  "core#setAccountEnabledInConfigSection": {
    inputs: sections.flatMap((cfg) =>
      ["default", "ops"].flatMap((accountId) =>
        [true, false].map((allowTopLevel) => ({ cfg, accountId, allowTopLevel })),
      ),
    ),
    ask: (input) =>
      core.setAccountEnabledInConfigSection({ ...input, sectionKey: "chat", enabled: false }),
  },
  "core#deleteAccountFromConfigSection": {
    inputs: sections.flatMap((cfg) =>
      ["default", "ops"].map((accountId) => ({ cfg, accountId, clearBaseFields: ["token"] })),
    ),
    ask: (input) => core.deleteAccountFromConfigSection({ ...input, sectionKey: "chat" }),
  },
  "channel-outbound#createMessageReceiptFromOutboundResults": {
    inputs: [
      [],
      [{ channel: "c", messageId: "1" }],
      [{ channel: "c", messageId: " " }],
      [{ channel: "c", messageId: "1" }, { channel: "c", messageId: "2" }],
      [{ channel: "c", messageId: "1", outcome: "not_sent" }],
      [{ channel: "c", messageId: "1" }, { channel: "c", messageId: "1" }],
    ],
    ask: (results) =>
      outbound.createMessageReceiptFromOutboundResults({
        results,
        kind: "text",
        threadId: "t",
        replyToId: "r",
        sentAt: 5,
      }),
  },
  "reply-history#createChannelHistoryWindow": {
    inputs: history,
    ask: ({ limit, entries }) => {
      const historyMap = new Map();
      const window = createChannelHistoryWindow({ historyMap });
      for (const body of entries) {
        window.record({ historyKey: "g", limit, entry: { sender: "s", body, timestamp: 1 } });
      }
      const context = window.buildPendingContext({
        historyKey: "g",
        limit,
        currentMessage: "now",
        formatEntry: ({ sender, body }) => `${sender}: ${body}`,
      });
      const inbound = window.buildInboundHistory({ historyKey: "g", limit });
      window.clear({ historyKey: "g", limit });
      return { context, inbound, left: historyMap.get("g") };
    },
  },
};
