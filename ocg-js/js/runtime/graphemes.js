/** Cutting text between the characters that people see. */

let segmenter;
const segmentsOf = (text) => {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: "grapheme" });
  return segmenter.segment(text);
};

/** Text in which every unit is a character of its own; CR LF is one. */
// eslint-disable-next-line no-control-regex
const isPlain = (text) => /^[\0-\x0c\x0e-\x7f]*$/.test(text);

const isHigh = (unit) => unit >= 0xd800 && unit <= 0xdbff;

/** Where the character that covers a position begins. */
function startOfCharacter(text, at) {
  const around = text.slice(Math.max(0, at - 64), at + 64);
  if (isPlain(around)) return at;
  return segmentsOf(text).containing(at)?.index ?? at;
}

/**
 * Where to cut: at `wanted` if that lies between `start` and `limit`, else at `limit`, and no later
 * than the character there begins. A character that is longer than the room is cut between its
 * code points.
 */
export function cutPosition(text, start, limit, wanted = limit) {
  const last = Math.min(limit, text.length);
  if (last <= start) return start;
  const usable = Number.isInteger(wanted) && wanted > start && wanted <= last;
  const first = usable ? wanted : last;
  if (first === text.length) return first;
  let at = startOfCharacter(text, first);
  if (at <= start && first < last) at = last === text.length ? last : startOfCharacter(text, last);
  if (at > start) return at;
  if (!isHigh(text.charCodeAt(last - 1))) return last;
  return last - 1 > start ? last - 1 : last + 1;
}

const SPACE = /^\s+$/u;

/** The position after the white space at `start`; a space that carries an accent stays. */
export function skipSpace(text, start = 0, most = Infinity) {
  // The second half of CR LF is no character of its own.
  if (text[start] === "\n" && text[start - 1] === "\r") return start;
  let at = start;
  for (let count = 0; count < most && /\s/u.test(text.charAt(at)); count++) {
    const character = segmentsOf(text.slice(at, at + 32)).containing(0).segment;
    if (!SPACE.test(character)) break;
    at += character.length;
  }
  return at;
}

/** The text up to `end` without the white space there. */
export function trimSpaceEnd(text, end = text.length) {
  let at = end;
  while (at > 0 && /\s/u.test(text.charAt(at - 1))) {
    const { index, segment } = segmentsOf(text).containing(at - 1);
    if (index + segment.length > at || !SPACE.test(segment)) break;
    at = index;
  }
  return text.slice(0, at);
}
