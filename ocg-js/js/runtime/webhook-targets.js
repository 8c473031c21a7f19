/** Webhook targets: the accounts that share a path (plugin contract §5). */
import { canonicalizeWebhookRouteKey, normalizeWebhookPath } from "ocg:runtime/http-paths";
import { registerPluginHttpRoute } from "ocg:runtime/http-routes";
import { beginWebhookRequestPipelineOrReject } from "ocg:runtime/webhook-guards";

/** What is to be done when a path has no target any more. @type {WeakMap<Map, Map>} */
const teardowns = new WeakMap();

function teardownsOf(targetsByPath) {
  if (!teardowns.has(targetsByPath)) teardowns.set(targetsByPath, new Map());
  return teardowns.get(targetsByPath);
}

/**
 * Adds a target to those of its path.
 *
 * @param {Map<string, object[]>} targetsByPath
 * @param {{ path: string }} given
 * @param {{ onFirstPathTarget?: Function, onLastPathTargetRemoved?: Function }} [options]
 */
export function registerWebhookTarget(targetsByPath, given, options = {}) {
  const path = normalizeWebhookPath(given.path);
  const target = { ...given, path };
  const before = targetsByPath.get(path) ?? [];
  if (before.length === 0) {
    const teardown = options.onFirstPathTarget?.({ path, target });
    if (typeof teardown === "function") teardownsOf(targetsByPath).set(path, teardown);
  }
  targetsByPath.set(path, [...before, target]);
  let active = true;
  const unregister = () => {
    if (!active) return;
    active = false;
    const left = (targetsByPath.get(path) ?? []).filter((one) => one !== target);
    if (left.length > 0) {
      targetsByPath.set(path, left);
      return;
    }
    targetsByPath.delete(path);
    const teardown = teardownsOf(targetsByPath).get(path);
    teardownsOf(targetsByPath).delete(path);
    teardown?.();
    options.onLastPathTargetRemoved?.({ path });
  };
  return { target, unregister };
}

/** The same, with a route that is there as long as the path has targets. */
export function registerWebhookTargetWithPluginRoute(params) {
  const { targetsByPath, target, route, onLastPathTargetRemoved } = params;
  const canonical = { ...target, path: canonicalizeWebhookRouteKey(target.path) };
  return registerWebhookTarget(targetsByPath, canonical, {
    // The account that came first may end before the others: the route is nobody's.
    onFirstPathTarget: ({ path }) =>
      registerPluginHttpRoute({
        ...route,
        path,
        accountId: undefined,
        replaceExisting: route.replaceExisting ?? true,
      }),
    onLastPathTargetRemoved,
  });
}

/** The targets of a request's path, or null. */
export function resolveWebhookTargets(req, targetsByPath) {
  const { pathname } = new URL(req.url ?? "/", "http://localhost");
  const asked = normalizeWebhookPath(pathname);
  for (const path of [asked, canonicalizeWebhookRouteKey(asked)]) {
    const targets = targetsByPath.get(path);
    if (targets?.length > 0) return { path, targets };
  }
  return null;
}

/** Checks a request and hands its targets on; false where there is none. */
export async function withResolvedWebhookRequestPipeline(params) {
  const { req, targetsByPath, inFlightKey } = params;
  const resolved = resolveWebhookTargets(req, targetsByPath);
  if (!resolved) return false;
  const key =
    typeof inFlightKey === "function"
      ? inFlightKey({ req, ...resolved })
      : (inFlightKey ?? `${resolved.path}:${req.socket?.remoteAddress ?? "unknown"}`);
  const admitted = beginWebhookRequestPipelineOrReject({ ...params, inFlightKey: key });
  if (!admitted.ok) return true;
  try {
    await params.handle(resolved);
    return true;
  } finally {
    admitted.release();
  }
}

/** The only target that fits: `{ kind: "single", target }`, or "none" or "ambiguous". */
export function resolveSingleWebhookTarget(targets, isMatch) {
  return single(targets.filter((target) => isMatch(target)));
}

/** The same for matches that take time. */
export async function resolveSingleWebhookTargetAsync(targets, isMatch) {
  const matched = [];
  for (const target of targets) if (await isMatch(target)) matched.push(target);
  return single(matched);
}

function single(matched) {
  if (matched.length > 1) return { kind: "ambiguous" };
  return matched.length === 1 ? { kind: "single", target: matched[0] } : { kind: "none" };
}

/** The only target whose check the request passes; null when it has been refused. */
export async function resolveWebhookTargetWithAuthOrReject(params) {
  return targetOrReject(
    await resolveSingleWebhookTargetAsync(params.targets, params.isMatch),
    params,
  );
}

export function resolveWebhookTargetWithAuthOrRejectSync(params) {
  return targetOrReject(resolveSingleWebhookTarget(params.targets, params.isMatch), params);
}

function targetOrReject(match, params) {
  if (match.kind === "single") return match.target;
  const [status, text] =
    match.kind === "ambiguous"
      ? [params.ambiguousStatusCode, params.ambiguousMessage ?? "ambiguous webhook target"]
      : [params.unauthorizedStatusCode, params.unauthorizedMessage ?? "unauthorized"];
  params.res.statusCode = status ?? 401;
  params.res.end(text);
  return null;
}

/** Refuses what is no POST; whether it did. */
export function rejectNonPostWebhookRequest(req, res) {
  if (req.method === "POST") return false;
  res.statusCode = 405;
  res.setHeader("Allow", "POST");
  res.end("Method Not Allowed");
  return true;
}
