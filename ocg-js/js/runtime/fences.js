/** Code fences in markdown. */

const FENCE = /(?:^|\n)( {0,3})(`{3,}|~{3,})([^\r\n\u2028\u2029]*)\r?(?=\n|$)/g;

/**
 * The fenced blocks of a text: where each begins and ends, and the lines that open and close it.
 * One that is never closed goes on to the end.
 *
 * @param {string} text
 * @returns {{ start: number, end: number, opener: string, closer: string }[]}
 */
export function fencesOf(text) {
  const fences = [];
  let open;
  for (const match of text.matchAll(FENCE)) {
    const [whole, indent, marks, info] = match;
    const start = match.index + (whole.startsWith("\n") ? 1 : 0);
    if (!open) {
      open = { start, marks, opener: indent + marks + info, closer: indent + marks };
    } else if (marks.startsWith(open.marks) && !info.trim()) {
      fences.push({ ...open, end: match.index + whole.length });
      open = undefined;
    }
  }
  if (open) fences.push({ ...open, end: text.length });
  return fences;
}

/** The block that a position lies in, its first position and its end apart. */
export function fenceAround(fences, at) {
  return fences.find(({ start, end }) => at > start && at < end);
}
