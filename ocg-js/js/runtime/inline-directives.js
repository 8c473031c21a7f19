/** Tags that an agent writes into its reply: `[[audio_as_voice]]`, `[[reply_to: id]]`. */

const AUDIO = /\[\[\s*audio_as_voice\s*\]\]/gi;
const REPLY = /\[\[\s*(?:reply_to_current|reply_to\s*:\s*([^\]\n]+))\s*\]\]/gi;

/** Code blocks and code spans, whose content is text. */
const CODE = /(```[\s\S]*?(?:```|$)|`[^`\n]*`)/;

/**
 * Reads the tags and takes them out of the text.
 *
 * @param {string} [text]
 * @param {{ currentMessageId?: string, stripAudioTag?: boolean, stripReplyTags?: boolean }} [options]
 */
export function parseInlineDirectives(text, options = {}) {
  const { currentMessageId, stripAudioTag = true, stripReplyTags = true } = options;
  const found = { hasAudioTag: false, hasReplyTag: false, replyToCurrent: false };
  let explicitId;
  const prose = (part) =>
    part
      .replace(AUDIO, (tag) => {
        found.hasAudioTag = true;
        return stripAudioTag ? " " : tag;
      })
      .replace(REPLY, (tag, id) => {
        found.hasReplyTag = true;
        if (id === undefined) found.replyToCurrent = true;
        else explicitId = id.trim() || explicitId;
        return stripReplyTags ? " " : tag;
      });
  const parts = (text ?? "").split(CODE);
  const rest = parts.map((part, index) => (index % 2 === 0 ? prose(part) : part)).join("");
  const tagged = found.hasAudioTag || found.hasReplyTag;
  return {
    text: tagged ? tidy(rest) : (text ?? ""),
    audioAsVoice: found.hasAudioTag,
    replyToId:
      explicitId ?? (found.replyToCurrent ? currentMessageId?.trim() || undefined : undefined),
    replyToExplicitId: explicitId,
    ...found,
  };
}

/** Spaces where tags were. */
function tidy(text) {
  return text
    .split(CODE)
    .map((part, index) =>
      index % 2 === 0
        ? part.replace(/(\S)[ \t]{2,}(?=\S)/g, "$1 ").replace(/[ \t]*\n[ \t]*/g, "\n")
        : part,
    )
    .join("")
    .trim();
}
