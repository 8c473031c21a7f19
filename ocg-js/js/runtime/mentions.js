/** The `channel.mentions` branch: names by which an agent is addressed in text. */
import { compileSafeRegexDetailed } from "ocg:runtime/safe-regex";

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

function buildMentionRegexes(cfg, agentId) {
  const agent = (cfg?.agents?.list ?? []).find((one) => one?.id === agentId);
  const name = agent?.identity?.name?.trim();
  const patterns =
    agent?.groupChat?.mentionPatterns ??
    cfg?.messages?.groupChat?.mentionPatterns ??
    (name ? [`\\b@?${name.split(/\s+/).map(escaped).join("\\s+")}\\b`] : []);
  return patterns.map((one) => compileSafeRegexDetailed(one, "i").regex).filter(Boolean);
}

function matchesMentionPatterns(text, regexes) {
  const plain = String(text ?? "").replace(/[\u200b-\u200f\u202a-\u202e\u2060-\u206f]/g, "");
  return regexes.some((regex) => regex.test(plain));
}

export const mentions = {
  buildMentionRegexes,
  matchesMentionPatterns,
  matchesMentionWithExplicit: ({ text, mentionRegexes, explicit }) =>
    explicit?.isExplicitlyMentioned === true || matchesMentionPatterns(text, mentionRegexes),
};
