/** Webhook targets and their routes. */
export {
  canonicalizeWebhookRouteKey,
  normalizeWebhookPath,
  resolveWebhookPath,
} from "ocg:runtime/http-paths";
export { registerPluginHttpRoute } from "ocg:runtime/http-routes";
export {
  registerWebhookTarget,
  registerWebhookTargetWithPluginRoute,
  rejectNonPostWebhookRequest,
  resolveSingleWebhookTarget,
  resolveSingleWebhookTargetAsync,
  resolveWebhookTargetWithAuthOrReject,
  resolveWebhookTargetWithAuthOrRejectSync,
  resolveWebhookTargets,
  withResolvedWebhookRequestPipeline,
} from "ocg:runtime/webhook-targets";
