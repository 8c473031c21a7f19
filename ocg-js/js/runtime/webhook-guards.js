/** What is checked of a webhook's request before its handler sees it (plugin contract §5). */
import {
  isRequestBodyLimitError,
  readJsonBodyWithLimit,
  readRequestBodyWithLimit,
  requestBodyErrorToText,
  sendHttpRequestRejection,
} from "ocg:runtime/request-body";

export const WEBHOOK_BODY_READ_DEFAULTS = Object.freeze({
  preAuth: { maxBytes: 64 * 1024, timeoutMs: 5000 },
  postAuth: { maxBytes: 1024 * 1024, timeoutMs: 30_000 },
  postAuthResponseFirst: { maxBytes: 1024 * 1024, timeoutMs: 30_000, destroyOnLimit: false },
});

function refuse(res, status, text) {
  res.statusCode = status;
  res.end(text);
  return false;
}

/** Whether a content type is JSON's or one derived of it. */
export function isJsonContentType(value) {
  const type = [value].flat()[0]?.split(";", 1)[0].trim().toLowerCase();
  return type === "application/json" || Boolean(type?.endsWith("+json"));
}

/** Method, rate and content type; false when the request has been refused. */
export function applyBasicWebhookRequestGuards(params) {
  const { req, res, allowMethods, rateLimiter, rateLimitKey } = params;
  if (allowMethods?.length && !allowMethods.includes(req.method ?? "")) {
    res.setHeader("Allow", allowMethods.join(", "));
    return refuse(res, 405, "Method Not Allowed");
  }
  const now = params.nowMs ?? Date.now();
  if (rateLimitKey && rateLimiter?.isRateLimited(rateLimitKey, now)) {
    return refuse(res, 429, "Too Many Requests");
  }
  const mustBeJson = params.requireJsonContentType && req.method === "POST";
  if (mustBeJson && !isJsonContentType(req.headers["content-type"])) {
    return refuse(res, 415, "Unsupported Media Type");
  }
  return true;
}

/** The same and a place among the requests in progress; `release` gives it back. */
export function beginWebhookRequestPipelineOrReject(params) {
  if (!applyBasicWebhookRequestGuards(params)) return { ok: false };
  const { res, inFlightLimiter: limiter, inFlightKey: key = "" } = params;
  if (key && limiter && !limiter.tryAcquire(key)) {
    const status = params.inFlightLimitStatusCode ?? 429;
    refuse(res, status, params.inFlightLimitMessage ?? "Too Many Requests");
    return { ok: false };
  }
  let held = Boolean(key && limiter);
  const release = () => {
    if (held) limiter.release(key);
    held = false;
  };
  return { ok: true, release };
}

const chosen = (value, fallback) =>
  Number.isFinite(value) && value > 0 ? Math.floor(value) : fallback;

/** Body limits: those of who is not known yet, unless the plugin says otherwise. */
function bodyLimits({ profile, maxBytes, timeoutMs }) {
  const { preAuth, postAuth } = WEBHOOK_BODY_READ_DEFAULTS;
  const defaults = profile === "pre-auth" ? preAuth : postAuth;
  return {
    maxBytes: chosen(maxBytes, defaults.maxBytes),
    timeoutMs: chosen(timeoutMs, defaults.timeoutMs),
    destroyOnLimit: false,
  };
}

async function refuseBody({ req, res }, code, text = "Bad Request", status = 400) {
  const known = { PAYLOAD_TOO_LARGE: 413, REQUEST_BODY_TIMEOUT: 408 }[code];
  if (known) await sendHttpRequestRejection(req, res, known, requestBodyErrorToText(code));
  else if (code === "CONNECTION_CLOSED") refuse(res, 400, requestBodyErrorToText(code));
  else refuse(res, status, text);
  return { ok: false };
}

/** The body as text: `{ ok: true, value }`, or `{ ok: false }` when it has been refused. */
export async function readWebhookBodyOrReject(params) {
  try {
    return { ok: true, value: await readRequestBodyWithLimit(params.req, bodyLimits(params)) };
  } catch (error) {
    const code = isRequestBodyLimitError(error) ? error.code : "INVALID_BODY";
    return refuseBody(params, code, params.invalidBodyMessage ?? error.message);
  }
}

/** The body as JSON, in the same form. */
export async function readJsonWebhookBodyOrReject(params) {
  const { req, emptyObjectOnEmpty } = params;
  const body = await readJsonBodyWithLimit(req, { ...bodyLimits(params), emptyObjectOnEmpty });
  if (body.ok) return { ok: true, value: body.value };
  return refuseBody(params, body.code, params.invalidJsonMessage, params.invalidJsonStatusCode);
}

/** Goes on with an event after its request has been answered. */
export async function runDetachedWebhookWork(run) {
  await Promise.resolve();
  return run();
}
