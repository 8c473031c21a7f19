/** Reading a response body up to a limit. */

/**
 * The first bytes of the body. The rest is not read.
 *
 * @param {Response} response
 * @param {number} limit
 * @param {{ chunkTimeoutMs?: number, timeoutMs?: number, signal?: AbortSignal,
 *   onIdleTimeout?: Function, onTimeout?: Function }} [options]
 * @returns {Promise<{ bytes: Buffer, size: number, truncated: boolean }>}
 */
export async function readPrefix(response, limit, options = {}) {
  const reader = response.body?.getReader();
  if (!reader) {
    const whole = Buffer.from(await response.arrayBuffer());
    return { bytes: whole.subarray(0, limit), size: whole.length, truncated: whole.length > limit };
  }
  const chunks = [];
  let size = 0;
  const end = options.timeoutMs === undefined ? Infinity : Date.now() + options.timeoutMs;
  try {
    while (size <= limit) {
      options.signal?.throwIfAborted();
      const { done, value } = await inTime(reader.read(), end, options);
      if (done) return { bytes: Buffer.concat(chunks), size, truncated: false };
      chunks.push(value);
      size += value.length;
    }
    return { bytes: Buffer.concat(chunks).subarray(0, limit), size, truncated: true };
  } finally {
    reader.cancel().catch(() => {});
  }
}

async function inTime(
  read,
  end,
  { chunkTimeoutMs = Infinity, timeoutMs, onIdleTimeout, onTimeout },
) {
  const left = end - Date.now();
  const wait = Math.min(chunkTimeoutMs, left);
  if (wait === Infinity) return read;
  let timer;
  const expiry = new Promise((_, reject) => {
    timer = setTimeout(() => {
      const idle = chunkTimeoutMs <= left;
      const error = idle ? onIdleTimeout?.({ chunkTimeoutMs }) : onTimeout?.({ timeoutMs });
      reject(error ?? new Error(`response body stalled for ${Math.max(0, wait)}ms`));
    }, wait);
  });
  try {
    return await Promise.race([read, expiry]);
  } finally {
    clearTimeout(timer);
  }
}
