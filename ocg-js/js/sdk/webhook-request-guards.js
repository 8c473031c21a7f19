/** Checks of requests to webhooks. */
export {
  installRequestBodyLimitGuard,
  isRequestBodyLimitError,
  readJsonBodyWithLimit,
  readRequestBodyWithLimit,
  requestBodyErrorToText,
  sendHttpRequestRejection,
} from "ocg:runtime/request-body";
export {
  WEBHOOK_BODY_READ_DEFAULTS,
  applyBasicWebhookRequestGuards,
  beginWebhookRequestPipelineOrReject,
  isJsonContentType,
  readJsonWebhookBodyOrReject,
  readWebhookBodyOrReject,
  runDetachedWebhookWork,
} from "ocg:runtime/webhook-guards";
export {
  WEBHOOK_IN_FLIGHT_DEFAULTS,
  createWebhookInFlightLimiter,
} from "ocg:runtime/webhook-limits";
