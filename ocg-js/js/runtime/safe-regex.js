/** Regular expressions of a configuration, as far as they cannot hang the host. */

const MAX_CACHED = 256;

/** @type {Map<string, object>} */
const compiled = new Map();

/**
 * Compiles a pattern. A repetition inside a repetition is refused: matching it can take for ever.
 *
 * @param {string} source
 * @param {string} [flags]
 */
export function compileSafeRegexDetailed(source, flags = "") {
  const pattern = source.trim();
  const key = `${flags}/${pattern}`;
  const known = compiled.get(key);
  if (known) return known;
  const result = { source: pattern, flags, ...compile(pattern, flags) };
  if (!pattern) return result;
  compiled.set(key, result);
  if (compiled.size > MAX_CACHED) compiled.delete(compiled.keys().next().value);
  return result;
}

function compile(pattern, flags) {
  if (!pattern) return { regex: null, reason: "empty" };
  if (hasNestedRepetition(pattern)) return { regex: null, reason: "unsafe-nested-repetition" };
  try {
    return { regex: new RegExp(pattern, flags), reason: null };
  } catch {
    return { regex: null, reason: "invalid-regex" };
  }
}

/** A group, and what is in it that makes a repetition of the group unsafe. */
const newGroup = () => ({ repeats: false, branches: [newBranch()] });
const newBranch = () => ({ min: 0, max: 0 });

/**
 * Whether something is repeated that repeats something itself, or repeated without end that has
 * alternatives of different length.
 */
function hasNestedRepetition(pattern) {
  const open = [newGroup()];
  let last = null;
  const add = (token) => {
    const branch = open.at(-1).branches.at(-1);
    branch.min += token.min;
    branch.max += token.max;
    open.at(-1).repeats ||= token.repeats;
    last = token;
  };
  for (let at = 0; at < pattern.length;) {
    const char = pattern[at];
    const repetition = repetitionAt(pattern, at);
    if (repetition && last) {
      if (last.repeats || (last.ambiguous && repetition.max === Infinity)) return true;
      const branch = open.at(-1).branches.at(-1);
      branch.min += last.min * (repetition.min - 1);
      branch.max += last.max * (repetition.max - 1);
      open.at(-1).repeats = true;
      last = { ...last, repeats: true };
      at += repetition.length;
    } else if (char === "(") {
      open.push(newGroup());
      last = null;
      at += 1 + (/^\?(?::|=|!|<=|<!|<[^>]*>)/.exec(pattern.slice(at + 1))?.[0].length ?? 0);
    } else if (char === ")") {
      if (open.length > 1) add(closed(open.pop()));
      at += 1;
    } else if (char === "|") {
      open.at(-1).branches.push(newBranch());
      last = null;
      at += 1;
    } else {
      const end = atomEnd(pattern, at);
      add({ min: 1, max: 1, repeats: false, ambiguous: false });
      at = end;
    }
  }
  return false;
}

function closed({ repeats, branches }) {
  const min = Math.min(...branches.map((branch) => branch.min));
  const max = Math.max(...branches.map((branch) => branch.max));
  return { min, max, repeats, ambiguous: branches.length > 1 && min !== max };
}

function repetitionAt(pattern, at) {
  const text = /^(?:[*+?]|\{(\d+)(,(\d*))?\})\??/.exec(pattern.slice(at));
  if (!text) return null;
  const [whole, from, open, to] = text;
  if (from === undefined) {
    const [min, max] = { "*": [0, Infinity], "+": [1, Infinity], "?": [0, 1] }[whole[0]];
    return { min, max, length: whole.length };
  }
  const min = Number(from);
  const max = open === undefined ? min : to === "" ? Infinity : Number(to);
  return { min, max, length: whole.length };
}

function atomEnd(pattern, at) {
  if (pattern[at] === "\\") return at + 2;
  if (pattern[at] !== "[") return at + 1;
  for (let end = at + 1; end < pattern.length; end++) {
    if (pattern[end] === "\\") end += 1;
    else if (pattern[end] === "]") return end + 1;
  }
  return pattern.length;
}
