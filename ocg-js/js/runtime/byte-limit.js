/** How many bytes of UTF-8 a message may have, where a plugin counts in bytes. */

/** A character of three bytes. */
const WIDE = "\u4f60";
const BYTES = 3;

/**
 * Plugins tell the gateway a limit in characters; what they cut at themselves shows only when
 * their chunker is at work. One that cuts a text of fewer characters than the limit counts bytes.
 *
 * @param {{ chunker?: Function | null, textChunkLimit?: number } | undefined} outbound
 * @returns {number | undefined}
 */
export function byteLimit(outbound) {
  const limit = outbound?.textChunkLimit;
  if (typeof outbound?.chunker !== "function" || !(limit > BYTES)) return undefined;
  // As many bytes as the limit has characters, and half as many more.
  const text = WIDE.repeat(Math.ceil(limit / 2));
  try {
    const [first] = outbound.chunker(text, limit);
    return first.length < text.length ? first.length * BYTES : undefined;
  } catch {
    // A chunker that needs more than a text says nothing.
    return undefined;
  }
}
