/** Cutting text into pieces of a length. */

/**
 * Pieces of at most `limit` UTF-16 units, cut at a line break or a space where there is one.
 *
 * @param {string} text
 * @param {number} limit
 * @returns {string[]}
 */
export function chunkText(text, limit) {
  if (!text) return [];
  if (!(limit > 0)) return [text];
  const chunks = [];
  let rest = text;
  while (rest.length > limit) {
    const at = cutAt(rest, limit);
    const chunk = rest.slice(0, at).trimEnd();
    if (chunk) chunks.push(chunk);
    rest = rest.slice(at).replace(/^\s/, "").trimStart();
  }
  if (rest) chunks.push(rest);
  return chunks;
}

function cutAt(text, limit) {
  const window = text.slice(0, limit + 1);
  const line = window.lastIndexOf("\n");
  if (line > 0) return line;
  const space = window.search(/\s\S*$/);
  if (space > 0) return space;
  const code = text.charCodeAt(limit - 1);
  return code >= 0xd800 && code <= 0xdbff && limit > 1 ? limit - 1 : limit;
}

const FENCE = /^\s*(`{3,}|~{3,})[^\n]*$/gm;

/**
 * The same; a code block that is cut is closed and opened again.
 *
 * @param {string} text
 * @param {number} limit
 * @returns {string[]}
 */
export function chunkMarkdownText(text, limit) {
  if (!text) return [];
  if (!(limit > 0) || text.length <= limit) return [text];
  const chunks = [];
  let rest = text;
  let open = "";
  while (rest) {
    const prefix = open ? `${open}\n` : "";
    if (prefix.length + rest.length <= limit) {
      chunks.push(prefix + rest);
      break;
    }
    const closing = open ? 4 + open.length : 16;
    const room = Math.max(1, limit - prefix.length - closing);
    const at = cutAt(rest, room);
    const piece = rest.slice(0, at);
    const next = openFence(piece, open);
    const fence = /[`~]+/.exec(next)?.[0];
    chunks.push(fence ? `${prefix}${piece.trimEnd()}\n${fence}` : (prefix + piece).trimEnd());
    rest = fence ? rest.slice(at).replace(/^\n/, "") : rest.slice(at).trimStart();
    open = next;
  }
  return chunks;
}

/** The line that opened the code block which is still open at the end of a piece, or "". */
function openFence(piece, open) {
  let line = open;
  for (const [whole, marks] of piece.matchAll(FENCE)) {
    if (!line) line = whole.trim();
    else if (whole.trim().startsWith(marks) && line.startsWith(marks[0])) line = "";
  }
  return line;
}
