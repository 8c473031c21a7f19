/** Cutting texts. */
import {
  chunkByParagraph,
  chunkMarkdownTextWithMode,
  chunkText,
  chunkTextWithMode,
  resolveChunkMode,
  resolveTextChunkLimit,
} from "openclaw/plugin-sdk/reply-chunking";
import { chunkMarkdownText } from "openclaw/plugin-sdk/reply-runtime";
import { chunkTextForOutbound } from "openclaw/plugin-sdk/text-chunking";

const code = Array.from({ length: 6 }, (_, n) => `  line ${n};`).join("\n");
const fenced = `Before.\n\n\`\`\`js\n${code}\n\`\`\`\n\nAfter it, the end.`;

const texts = [
  "",
  "short",
  "  spaces around  ",
  "one two three four five six seven eight nine ten",
  "one\ntwo\nthree\nfour\nfive\nsix\nseven",
  "first paragraph.\n\nsecond paragraph.\n\nthird one",
  "first.\n \t\nsecond.\n\n\n\nthird",
  "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz",
  "a (b c d e f g h i) j k l m n (o p q) r s t",
  "(never closed a b c d e f g h i j k l m n",
  "你好，世界。这是一个很长的句子，没有空格，必须切开。还有更多的字。",
  "👍🏽👩‍👩‍👧👍🏽👩‍👩‍👧👍🏽👩‍👩‍👧 e\u0301e\u0301e\u0301",
  "line\r\nline two\r\n\r\nparagraph",
  "\n\n\nleading breaks",
  "trailing breaks\n\n\n",
  "word          with          wide          gaps",
  fenced,
  `~~~\n${code}\n~~~`,
  `\`\`\`a-very-long-info-string-that-is-longer-than-the-limit\n${code}\n\`\`\``,
  `- item one\n- item two\n- item three\n- item four\n- item five`,
  "\`\`\`\nnever closed\nmore and more and more and more",
];
const limits = [0, 1, 10, 16, 30, 48, 4000];

const pairs = texts.flatMap((text) => limits.map((limit) => [text, limit]));
const inModes = texts.flatMap((text) =>
  [12, 40].flatMap((limit) => ["length", "newline"].map((mode) => [text, limit, mode])),
);

const sections = [
  {},
  { qqbot: {} },
  { qqbot: { textChunkLimit: 500, streaming: { chunkMode: "newline" } } },
  { qqbot: { textChunkLimit: 0 } },
  { qqbot: { textChunkLimit: -1, accounts: { work: { textChunkLimit: 70 } } } },
  { qqbot: { textChunkLimit: 500, accounts: { Work: { textChunkLimit: 70 } } } },
  {
    qqbot: {
      streaming: { chunkMode: "newline" },
      accounts: { work: { streaming: { chunkMode: "length" } } },
    },
  },
];
const settings = sections.flatMap((channels) =>
  [
    ["qqbot"],
    ["qqbot", "work"],
    ["qqbot", "work", { fallbackLimit: 1800 }],
    ["telegram", null, { fallbackLimit: 0 }],
  ].map((rest) => [{ channels }, ...rest]),
);

const spread = (ask) => (args) => ask(...args);

export const cases = {
  "reply-chunking#chunkText": { inputs: pairs, ask: spread(chunkText) },
  "reply-chunking#chunkTextWithMode": { inputs: inModes, ask: spread(chunkTextWithMode) },
  "reply-chunking#chunkByParagraph": {
    inputs: pairs.filter(([, limit]) => limit !== 1),
    ask: spread(chunkByParagraph),
  },
  "reply-runtime#chunkMarkdownText": { inputs: pairs, ask: spread(chunkMarkdownText) },
  "reply-chunking#chunkMarkdownTextWithMode": {
    inputs: inModes,
    ask: spread(chunkMarkdownTextWithMode),
  },
  "text-chunking#chunkTextForOutbound": { inputs: pairs, ask: spread(chunkTextForOutbound) },
  "reply-chunking#resolveTextChunkLimit": { inputs: settings, ask: spread(resolveTextChunkLimit) },
  "reply-chunking#resolveChunkMode": { inputs: settings, ask: spread(resolveChunkMode) },
};
