/** Bodies of responses, up to a limit. */
import { readPrefix } from "ocg:runtime/response-body";

/**
 * The whole body.
 *
 * @param {Response} response
 * @param {number} maxBytes a larger body is an error
 * @param {{ onOverflow?: (info: { size: number, maxBytes: number, res: Response }) => Error,
 *   chunkTimeoutMs?: number, timeoutMs?: number, signal?: AbortSignal }} [options]
 */
export async function readResponseWithLimit(response, maxBytes, options = {}) {
  const { bytes, size, truncated } = await readPrefix(response, maxBytes, options);
  if (!truncated) return bytes;
  throw (
    options.onOverflow?.({ size, maxBytes, res: response }) ??
    new Error(`Content too large: ${size} bytes (limit: ${maxBytes} bytes)`)
  );
}
