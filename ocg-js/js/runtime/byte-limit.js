/** How many bytes of UTF-8 a message may have, where a plugin counts in bytes. */

/** Text without a place to cut at, in a script of one and in one of three bytes a character. */
const PROBES = ["a", "\u4f60"];
const BYTES = [1, 3];
/** Chunkers keep some room for code fences, and not the same everywhere. */
const TOLERANCE = 64;

/**
 * Plugins tell the gateway a limit in characters; what they cut at themselves shows only when
 * their chunker is at work. One whose pieces have about as many bytes in either script, and fewer
 * than the limit has characters, counts bytes.
 *
 * @param {{ chunker?: Function | null, textChunkLimit?: number } | undefined} outbound
 * @returns {number | undefined}
 */
export function byteLimit(outbound) {
  const limit = outbound?.textChunkLimit;
  if (typeof outbound?.chunker !== "function" || !(limit > 0)) return undefined;
  try {
    const [narrow, wide] = PROBES.map((c, i) => {
      const [first] = outbound.chunker(c.repeat(limit), limit);
      return first.length * BYTES[i];
    });
    const less = narrow < limit && wide < limit * BYTES[1];
    return less && Math.abs(narrow - wide) <= TOLERANCE ? Math.min(narrow, wide) : undefined;
  } catch {
    // A chunker that needs more than a text says nothing.
    return undefined;
  }
}
