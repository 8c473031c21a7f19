/** All that a plugin with a webhook needs. */
export { resolveRequestClientIp } from "ocg:runtime/client-ip";
export {
  canonicalizeWebhookRouteKey,
  normalizePluginHttpPath,
  normalizeWebhookPath,
  resolveWebhookPath,
} from "ocg:runtime/http-paths";
export { registerPluginHttpRoute } from "ocg:runtime/http-routes";
export {
  DEFAULT_WEBHOOK_MAX_BODY_BYTES,
  isRequestBodyLimitError,
  readRequestBodyWithLimit,
  requestBodyErrorToText,
} from "ocg:runtime/request-body";
export {
  WEBHOOK_BODY_READ_DEFAULTS,
  applyBasicWebhookRequestGuards,
  beginWebhookRequestPipelineOrReject,
  isJsonContentType,
  readJsonWebhookBodyOrReject,
  readWebhookBodyOrReject,
} from "ocg:runtime/webhook-guards";
export {
  WEBHOOK_ANOMALY_COUNTER_DEFAULTS,
  WEBHOOK_ANOMALY_STATUS_CODES,
  WEBHOOK_IN_FLIGHT_DEFAULTS,
  WEBHOOK_RATE_LIMIT_DEFAULTS,
  createBoundedCounter,
  createFixedWindowRateLimiter,
  createWebhookAnomalyTracker,
  createWebhookInFlightLimiter,
} from "ocg:runtime/webhook-limits";
export {
  registerWebhookTarget,
  registerWebhookTargetWithPluginRoute,
  resolveSingleWebhookTarget,
  resolveSingleWebhookTargetAsync,
  resolveWebhookTargetWithAuthOrReject,
  resolveWebhookTargetWithAuthOrRejectSync,
  resolveWebhookTargets,
  withResolvedWebhookRequestPipeline,
} from "ocg:runtime/webhook-targets";
