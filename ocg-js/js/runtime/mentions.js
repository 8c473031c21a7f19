/** The `channel.mentions` branch: names by which an agent is addressed in text. */
import { compileSafeRegexDetailed } from "ocg:runtime/safe-regex";

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");

/** What a name is made of, so that it is not found within a longer word. */
const WORD = "[\\p{L}\\p{M}\\p{N}_]";

/** @returns {RegExp[]} */
export function buildMentionRegexes(cfg, agentId) {
  const agent = (cfg?.agents?.list ?? []).find((one) => one?.id === agentId);
  const configured = [agent?.groupChat, cfg?.messages?.groupChat].find(
    (chat) => chat && Object.hasOwn(chat, "mentionPatterns"),
  );
  if (!configured) return regexesOf(agent?.identity);
  const patterns = configured.mentionPatterns ?? [];
  return patterns.map((one) => compileSafeRegexDetailed(one, "i").regex).filter(Boolean);
}

/** An agent's name and its emoji. */
function regexesOf(identity) {
  const [name, emoji] = [identity?.name?.trim(), identity?.emoji?.trim()];
  const patterns = [];
  if (name) {
    const words = name.split(/\s+/).map(escaped).join("\\s*");
    patterns.push(`(?:@|(?<!${WORD}))${words}(?!${WORD})`);
  }
  if (emoji) patterns.push(escaped(emoji));
  return patterns.map((pattern) => new RegExp(pattern, "iu"));
}

const normalized = (text) =>
  String(text ?? "")
    .replace(/[\u200b-\u200f\u202a-\u202e\u2060-\u206f]/g, "")
    .trim()
    .toLowerCase();

export function matchesMentionPatterns(text, regexes) {
  const plain = normalized(text);
  return regexes.some((regex) => regex.test(plain));
}

/** The same; a mention that the platform itself knows counts, and a voice message's transcript. */
export function matchesMentionWithExplicit({ text, transcript, mentionRegexes, explicit }) {
  if (explicit?.isExplicitlyMentioned === true) return true;
  return matchesMentionPatterns(normalized(text) || transcript, mentionRegexes);
}

export const mentions = {
  buildMentionRegexes,
  matchesMentionPatterns,
  matchesMentionWithExplicit,
};
