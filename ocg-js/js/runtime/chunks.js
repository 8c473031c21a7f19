/** Cutting text into pieces of at most so many UTF-16 units (plugin contract §6.2). */
import { cutPosition, skipSpace, trimSpaceEnd } from "ocg:runtime/graphemes";
import { fencesOf } from "ocg:runtime/fences";

/** A limit as an integer; what is no limit stays as it is. */
export const wholeLimit = (limit) =>
  Number.isFinite(limit) && limit > 0 ? Math.max(1, Math.floor(limit)) : limit;

/**
 * Cuts where `breakOf` says for each window, without the white space around the cut.
 *
 * @param {string} text
 * @param {number} limit
 * @param {(window: string) => number} breakOf
 */
function chunkAt(text, limit, breakOf) {
  const most = wholeLimit(limit);
  if (!text) return [];
  if (!(most > 0) || text.length <= most) return [text];
  const chunks = [];
  let rest = text;
  while (rest.length > most) {
    const at = cutPosition(rest, 0, most, breakOf(rest.slice(0, most)));
    chunks.push(trimSpaceEnd(rest, at));
    rest = rest.slice(skipSpace(rest, at));
  }
  chunks.push(trimSpaceEnd(rest));
  return chunks.filter(Boolean);
}

/**
 * The last line break and the last other white space of a range, outside parentheses: a link's
 * address in them is kept whole.
 *
 * @param {(at: number) => number | undefined} [skipTo] the end of what must not be looked into
 */
export function lastBreaks(text, start, end, skipTo) {
  let [line, space, depth] = [-1, -1, 0];
  for (let at = start; at < end; at++) {
    const skipped = skipTo?.(at);
    const unit = text[at];
    if (skipped !== undefined) at = skipped - 1;
    else if (unit === "(") depth += 1;
    else if (unit === ")") depth = Math.max(0, depth - 1);
    else if (depth === 0 && unit === "\n") line = at;
    else if (depth === 0 && /\s/.test(unit)) space = at;
  }
  return { line, space };
}

/**
 * Pieces cut at the last line break, else at the last white space.
 *
 * @param {string} text
 * @param {number} limit
 * @returns {string[]}
 */
export function chunkText(text, limit) {
  return chunkAt(text, limit, (window) => {
    const { line, space } = lastBreaks(window, 0, window.length);
    return line > 0 ? line : space;
  });
}

/**
 * The same without regard to parentheses; `preserveWhitespace` cuts a line into pieces that make up
 * the whole of it.
 *
 * @param {string} text
 * @param {number} limit
 * @param {{ preserveWhitespace?: boolean }} [options]
 */
export function chunkTextForOutbound(text, limit, options) {
  if (options?.preserveWhitespace !== undefined) {
    return splitLine(text, wholeLimit(limit), options.preserveWhitespace);
  }
  return chunkAt(text, limit, (window) => {
    const line = window.lastIndexOf("\n");
    return line > 0 ? line : window.lastIndexOf(" ");
  });
}

/** After these a Chinese sentence may be cut. */
const PAUSE = /[、。，．！？；：）］｝〉》」』】〕〗〙]/u;

function splitLine(line, limit, preserve) {
  if (!(limit > 0) || line.length <= limit) return [line];
  const chunks = [];
  let rest = line;
  while (rest.length > limit) {
    const at = cutPosition(rest, 0, limit, preserve ? limit : pauseIn(rest.slice(0, limit)));
    chunks.push(rest.slice(0, at));
    rest = rest.slice(at);
  }
  return rest ? [...chunks, rest] : chunks;
}

function pauseIn(window) {
  const units = window.split("");
  const space = units.findLastIndex((unit) => /\s/.test(unit));
  if (space > 0) return space;
  const pause = units.findLastIndex((unit) => PAUSE.test(unit));
  return pause > 0 ? pause + 1 : -1;
}

const BLANK_LINES = /\n[\t ]*\n+/g;

/**
 * Pieces of whole paragraphs, as many as fit; a paragraph that is longer is cut by length, unless
 * `splitLongParagraphs` is false. Blank lines in code are no ends of paragraphs.
 *
 * @param {string} text
 * @param {number} limit
 * @param {{ splitLongParagraphs?: boolean }} [options]
 */
export function chunkByParagraph(text, limit, { splitLongParagraphs = true } = {}) {
  if (!text) return [];
  if (limit <= 0) return [text];
  const plain = text.replace(/\u2029/g, "\n\n").replace(/\r\n?|\u2028/g, "\n");
  const cut = (paragraph) =>
    splitLongParagraphs && paragraph.length > limit ? chunkText(paragraph, limit) : [paragraph];
  const ends = [...plain.matchAll(BLANK_LINES)];
  if (ends.length === 0) return cut(plain);
  const fences = fencesOf(plain);
  const isCode = ({ index }) => fences.some(({ start, end }) => index >= start && index < end);
  const chunks = [];
  let current = "";
  let [from, gap] = [0, ""];
  for (const end of [...ends.filter((one) => !isCode(one)), { index: plain.length, 0: "" }]) {
    const paragraph = trimSpaceEnd(plain.slice(from, end.index));
    const joined = current ? `${current}${gap || "\n\n"}${paragraph}` : paragraph;
    if (paragraph && joined.length <= limit) current = joined;
    else if (paragraph) {
      if (current) chunks.push(current);
      current = paragraph.length <= limit ? paragraph : "";
      if (!current) chunks.push(...cut(paragraph));
    }
    from = end.index + end[0].length;
    gap = end[0];
  }
  if (current) chunks.push(current);
  return chunks;
}

/** @param {"length" | "newline"} mode */
export function chunkTextWithMode(text, limit, mode) {
  return mode === "newline" ? chunkByParagraph(text, limit) : chunkText(text, limit);
}
