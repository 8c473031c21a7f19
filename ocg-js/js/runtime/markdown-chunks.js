/** Cutting markdown so that code stays code: a block that is cut is closed and opened again. */
import { chunkByParagraph, lastBreaks, wholeLimit } from "ocg:runtime/chunks";
import { fenceAround, fencesOf } from "ocg:runtime/fences";
import { cutPosition, skipSpace } from "ocg:runtime/graphemes";

/**
 * @param {string} text
 * @param {number} limit UTF-16 units
 * @returns {string[]}
 */
export function chunkMarkdownText(text, limit) {
  const most = wholeLimit(limit);
  if (!text) return [];
  if (!(most > 0) || text.length <= most) return [text];
  const fences = fencesOf(text);
  const chunks = [];
  let start = 0;
  let open;
  while (start < text.length) {
    const line = open ? reopening(open, most) : "";
    const prefix = line ? `${line}\n` : "";
    const room = Math.max(1, most - prefix.length);
    if (text.length - start <= room) {
      chunks.push(prefix + text.slice(start));
      break;
    }
    const cut = cutOf(text, start, room, { fences, prefix, most });
    const content = prefix + text.slice(start, cut.at);
    if (cut.closed) {
      chunks.push(`${content}${content.endsWith("\n") ? "" : "\n"}${cut.closed.closer}`);
    } else {
      chunks.push(content);
    }
    open = cut.closed ?? cut.reopened;
    start = cut.inFence ? cut.at : pastBreak(text, cut.at);
  }
  return chunks;
}

/** The line that opens a block again: as it was, or its marks alone; "" where neither fits. */
function reopening({ opener, closer }, most) {
  if (opener.length + closer.length + 3 <= most) return opener;
  return closer.length * 2 + 3 <= most ? closer : "";
}

/** One white space and the line breaks after it are left out at a cut. */
function pastBreak(text, at) {
  const first = skipSpace(text, at, 1);
  let next = text[first] === "\n" ? skipSpace(text, first, 1) : first;
  if (next === first) return first;
  while (text[next] === "\n") next += 1;
  return next;
}

/**
 * Where the piece from `start` ends, and the block that has to be closed there.
 *
 * @returns {{ at: number, inFence: boolean, closed?: object, reopened?: object }}
 */
function cutOf(text, start, room, { fences, prefix, most }) {
  const end = Math.min(text.length, start + room);
  const at = cutPosition(text, start, end, softBreak(text, start, end, fences));
  const fence = fenceAround(fences, at);
  if (!fence) return { at, inFence: false };
  const hard = () => cutPosition(text, start, end);
  if (!reopening(fence, most)) return { at: hard(), inFence: true };
  // At least one unit of code must come out, or nothing ever would.
  const least = prefix ? start + 1 : Math.max(start + 1, fence.start + fence.opener.length + 2);
  const last = start + room - fence.closer.length;
  const line = lineStart(text, { from: start, last, least: Math.min(text.length, least) }, (one) =>
    Boolean(fenceAround(fences, one) === fence),
  );
  if (line === undefined && Math.min(text.length, least) >= last) {
    return { at: hard(), inFence: true, reopened: fence };
  }
  const within =
    line === undefined ? cutPosition(text, start, last - 1) : cutPosition(text, start, last, line);
  const closed = fenceAround(fences, within) === fence ? fence : undefined;
  return { at: within, inFence: true, closed };
}

/** The last start of a line in a range that satisfies `isGood`. */
function lineStart(text, { from, last, least }, isGood) {
  let at = text.lastIndexOf("\n", Math.max(from, last - 1));
  while (at >= from && at + 1 >= least) {
    if (isGood(at + 1)) return at + 1;
    if (at === 0) break;
    at = text.lastIndexOf("\n", at - 1);
  }
  return undefined;
}

/** The last break outside code. */
function softBreak(text, start, end, fences) {
  const skipTo = (at) => fenceAround(fences, at)?.end;
  const { line, space } = lastBreaks(text, start, end, skipTo);
  return line > start ? line : space > start ? space : -1;
}

/** @param {"length" | "newline"} mode */
export function chunkMarkdownTextWithMode(text, limit, mode) {
  const most = wholeLimit(limit);
  if (mode !== "newline") return chunkMarkdownText(text, most);
  return chunkByParagraph(text, most, { splitLongParagraphs: false })
    .flatMap((chunk) => (chunk.length > most ? afterFences(chunk) : [chunk]))
    .flatMap((chunk) => chunkMarkdownText(chunk, most));
}

/** A long piece, cut after the code blocks in it that end a paragraph. */
function afterFences(chunk) {
  const pieces = [];
  let start = 0;
  for (const { end } of fencesOf(chunk)) {
    const gap = end > start && /^\n[\t ]*\n+/.exec(chunk.slice(end))?.[0];
    if (!gap || !chunk.slice(end + gap.length).trim()) continue;
    pieces.push(chunk.slice(start, end));
    start = end + gap.length;
  }
  return [...pieces, chunk.slice(start)].filter(Boolean);
}
