/** Answers of HTTP services, up to a limit. */
import { readPrefix } from "ocg:runtime/response-body";
import { readResponseWithLimit } from "openclaw/plugin-sdk/response-limit-runtime";

const MAX_BYTES = 16 * 1024 * 1024;
const ERROR_BYTES = 16 * 1024;
const CHUNK_TIMEOUT_MS = 10_000;

async function readAll(response, label, kind, options) {
  return readResponseWithLimit(response, options?.maxBytes ?? MAX_BYTES, {
    ...options,
    onOverflow: ({ maxBytes }) => new Error(`${label}: ${kind} response exceeds ${maxBytes} bytes`),
  });
}

/** The answer as JSON; the label names the service in errors. */
export async function readProviderJsonResponse(response, label, options) {
  const bytes = await readAll(response, label, "JSON", options);
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new Error(`${label}: malformed JSON response`, { cause });
  }
}

/** The answer as text. */
export async function readProviderTextResponse(response, label, options) {
  return new TextDecoder().decode(await readAll(response, label, "text", options));
}

/** The beginning of a body, for a message about an error. */
export async function readResponseTextLimited(response, limitBytes = ERROR_BYTES, options = {}) {
  if (limitBytes <= 0) return "";
  const read = { chunkTimeoutMs: CHUNK_TIMEOUT_MS, ...options };
  const { bytes } = await readPrefix(response, limitBytes, read);
  return new TextDecoder().decode(bytes);
}
