/** Replies by which an agent says that it will not answer. */

export const SILENT_REPLY_TOKEN = "NO_REPLY";

/** Reasoning in front of a reply, in its own tags. */
const REASONING =
  /^\s*<\s*(antml:|mm:)?(think(?:ing)?|thought|antthinking)\b[^<>]*>[\s\S]*?<\s*\/\s*\1?\2\s*>\s*/i;

/**
 * Whether the text is the token alone: repeated, in punctuation, as a JSON string, as the action of
 * a JSON object, or behind reasoning.
 */
export function isSilentReplyPayloadText(text, token = SILENT_REPLY_TOKEN) {
  if (!text) return false;
  let rest = text.trim();
  if (isToken(rest, token) || isTokenInJson(rest, token)) return true;
  while (REASONING.test(rest)) rest = rest.replace(REASONING, "");
  return isToken(rest.trim(), token);
}

function isToken(text, token) {
  const bare = text.replace(/^[\p{P}\s]+|[\p{P}\s]+$/gu, "");
  return [text, bare].some((candidate) => {
    const words = candidate.split(/\s+/).filter(Boolean);
    return words.length > 0 && words.every((word) => word.toLowerCase() === token.toLowerCase());
  });
}

function isTokenInJson(text, token) {
  if (!/^(".*"|\{.*\})$/s.test(text)) return false;
  try {
    const value = JSON.parse(text);
    const named = typeof value === "object" && Object.keys(value).join() === "action";
    const word = named ? value.action : value;
    return typeof word === "string" && word.trim() === token;
  } catch {
    return false;
  }
}
