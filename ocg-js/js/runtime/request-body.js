/** Reading the body of a request, up to a size and within a time. */
import { Buffer } from "node:buffer";

export const DEFAULT_WEBHOOK_MAX_BODY_BYTES = 1024 * 1024;
export const DEFAULT_WEBHOOK_BODY_TIMEOUT_MS = 30_000;

/** What went wrong: the error's message, the status to answer, the text to answer. */
const FAILURES = {
  PAYLOAD_TOO_LARGE: ["PayloadTooLarge", 413, "Payload too large"],
  REQUEST_BODY_TIMEOUT: ["RequestBodyTimeout", 408, "Request body timeout"],
  CONNECTION_CLOSED: ["RequestBodyConnectionClosed", 400, "Connection closed"],
};

export class RequestBodyLimitError extends Error {
  constructor({ code, message }) {
    super(message ?? FAILURES[code][0]);
    this.name = "RequestBodyLimitError";
    this.code = code;
    this.statusCode = FAILURES[code][1];
  }
}

export function isRequestBodyLimitError(error, code) {
  return error instanceof RequestBodyLimitError && (code === undefined || error.code === code);
}

export function requestBodyErrorToText(code) {
  return FAILURES[code][2];
}

function limits({ maxBytes, timeoutMs }) {
  return {
    maxBytes: Number.isFinite(maxBytes) ? Math.max(1, Math.floor(maxBytes)) : 1,
    timeoutMs: timeoutMs > 0 ? timeoutMs : DEFAULT_WEBHOOK_BODY_TIMEOUT_MS,
  };
}

function declaredLength(req) {
  const text = [req.headers["content-length"]].flat()[0]?.trim();
  return /^\d+$/.test(text) ? Number(text) : 0;
}

/**
 * Watches a body as it comes. `onEnd` is called once: with the error's code, or undefined at the
 * body's end.
 *
 * @returns {() => void} stops watching
 */
function watch(req, options, onChunk, onEnd) {
  const { maxBytes, timeoutMs } = limits(options);
  let size = 0;
  const listeners = {
    data(chunk) {
      const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk);
      size += bytes.length;
      if (size > maxBytes) end("PAYLOAD_TOO_LARGE");
      else onChunk(bytes);
    },
    end: () => end(undefined),
    error: (error) => end("CONNECTION_CLOSED", error),
    close: () => end("CONNECTION_CLOSED"),
  };
  const timer = setTimeout(() => end("REQUEST_BODY_TIMEOUT"), timeoutMs);
  let over = false;
  const stop = () => {
    over = true;
    clearTimeout(timer);
    for (const [event, listener] of Object.entries(listeners)) req.removeListener(event, listener);
  };
  const end = (code, error) => {
    if (over) return;
    stop();
    onEnd(code, error);
  };
  if (declaredLength(req) > maxBytes) end("PAYLOAD_TOO_LARGE");
  else if (req.destroyed && !req.readableEnded) end("CONNECTION_CLOSED");
  else for (const [event, listener] of Object.entries(listeners)) req.on(event, listener);
  return stop;
}

/**
 * The body as text.
 *
 * @param {object} req
 * @param {{ maxBytes: number, timeoutMs?: number, encoding?: string, destroyOnLimit?: boolean }} options
 * @throws {RequestBodyLimitError}
 */
export function readRequestBodyWithLimit(req, options) {
  return new Promise((resolve, reject) => {
    const chunks = [];
    watch(
      req,
      options,
      (bytes) => chunks.push(bytes),
      (code, error) => {
        if (error) reject(error);
        else if (code === undefined)
          resolve(Buffer.concat(chunks).toString(options.encoding ?? "utf-8"));
        else {
          if (options.destroyOnLimit !== false && !req.destroyed) req.destroy();
          reject(new RequestBodyLimitError({ code }));
        }
      },
    );
  });
}

/** The body as JSON: `{ ok: true, value }`, or `{ ok: false, code, error }`. */
export async function readJsonBodyWithLimit(req, options) {
  let text;
  try {
    text = (await readRequestBodyWithLimit(req, options)).trim();
  } catch (error) {
    const code = isRequestBodyLimitError(error) ? error.code : "CONNECTION_CLOSED";
    return { ok: false, code, error: requestBodyErrorToText(code) };
  }
  if (!text && options.emptyObjectOnEmpty !== false) return { ok: true, value: {} };
  if (!text) return { ok: false, code: "INVALID_JSON", error: "empty payload" };
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    return { ok: false, code: "INVALID_JSON", error: error.message };
  }
}

/** Answers for a handler that reads the body itself, when that is too large or too slow. */
export function installRequestBodyLimitGuard(req, res, options) {
  let reason = null;
  const refuse = (code) => {
    if (code === undefined || code === "CONNECTION_CLOSED") return;
    reason = code;
    const text = options.responseText?.[code] ?? requestBodyErrorToText(code);
    const isText = options.responseFormat === "text";
    const body = isText ? text : JSON.stringify({ error: text });
    const type = `${isText ? "text/plain" : "application/json"}; charset=utf-8`;
    sendHttpRequestRejection(req, res, FAILURES[code][1], body, type);
  };
  const dispose = watch(req, options, () => {}, refuse);
  return { dispose, isTripped: () => reason !== null, code: () => reason };
}

/** Answers a request whose body is not read to its end. */
export async function sendHttpRequestRejection(
  _req,
  res,
  status,
  body,
  contentType = "text/plain; charset=utf-8",
) {
  if (res.headersSent || res.writableEnded) return;
  res.statusCode = status;
  res.setHeader("Connection", "close");
  res.setHeader("Content-Type", contentType);
  res.end(body);
}
