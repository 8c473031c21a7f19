/** Text as UTF-16. */

/**
 * The first `limit` UTF-16 units, never half of a character.
 *
 * @param {string} text
 * @param {number} limit
 */
export function truncateUtf16Safe(text, limit) {
  const end = Math.max(0, Math.floor(limit));
  if (text.length <= end) return text;
  const splitsPair = end > 0 && isHigh(text.charCodeAt(end - 1)) && isLow(text.charCodeAt(end));
  return text.slice(0, splitsPair ? end - 1 : end);
}

const isHigh = (unit) => unit >= 0xd800 && unit <= 0xdbff;
const isLow = (unit) => unit >= 0xdc00 && unit <= 0xdfff;

/** Runs a check within a time limit and adds how long it took. */
export async function runChannelProbe(timeoutMs, run, onError) {
  const startedAt = Date.now();
  const elapsedMs = () => Date.now() - startedAt;
  const timed = (result) => ({ ...result, elapsedMs: result.elapsedMs ?? elapsedMs() });
  try {
    return timed(await within(timeoutMs, run({ startedAt, elapsedMs })));
  } catch (error) {
    if (!onError) throw error;
    return timed(onError(error));
  }
}

function within(ms, work) {
  if (!(ms > 0)) return work;
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
