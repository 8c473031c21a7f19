/** What of an agent's text is meant for a chat (plugin contract §6.1). */

const NAME = "(?:antml:|mm:)?(?:think(?:ing)?|thought)|antthinking|reasoning";
const TOOL = "tool_call|tool_calls|function_call|function_calls|tool_use|tool_result|invoke";
const INTERNAL = "relevant-memories|relevant_memories|system-reminder";

/** Tags whose content is never shown. */
const HIDDEN = new RegExp(
  `<\\s*(${NAME}|(?:antml:)?(?:${TOOL})|${INTERNAL})\\b[^<>]*>[\\s\\S]*?(?:<\\s*/\\s*\\1\\s*>|$)`,
  "gi",
);

/** What is left of such tags, and the tags around an answer, which is shown. */
const STRAY = new RegExp(`<\\s*/?\\s*(?:${NAME}|(?:antml:)?(?:${TOOL})|final)\\b[^<>]*>`, "gi");

/** Control tokens of models, such as `<|im_end|>`. */
const TOKENS = /<[|｜][^|｜<>]{1,60}[|｜]>/g;

/** Code blocks and code spans, which are shown as they are. */
const CODE = /(```[\s\S]*?(?:```|$)|~~~[\s\S]*?(?:~~~|$)|`[^`\n]+`)/;

/**
 * The text without reasoning, tool calls and control tokens.
 *
 * @param {string} text
 */
export function sanitizeAssistantVisibleText(text) {
  if (!text || !/[<＜]/.test(text)) return text?.trim() ?? text;
  const parts = text.split(CODE);
  // A hidden tag may span code, so it is looked for in the text with code masked.
  const masked = parts.map((part, index) => (index % 2 === 1 ? `\u{E000}${index}\u{E001}` : part));
  return masked
    .join("")
    .replace(HIDDEN, "")
    .replace(STRAY, "")
    .replace(TOKENS, "")
    .replace(/\u{E000}(\d+)\u{E001}/gu, (_, index) => parts[index])
    .replace(/^(?:[ \t]*\r?\n)+/, "")
    .trim();
}
