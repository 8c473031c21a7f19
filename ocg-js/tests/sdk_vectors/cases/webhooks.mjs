/** Webhooks: paths, targets, guards, limits, bodies, clients behind proxies. */
import { Readable } from "node:stream";
import { resolveClientIp } from "openclaw/plugin-sdk/core";
import * as ingress from "openclaw/plugin-sdk/webhook-ingress";
import * as guards from "openclaw/plugin-sdk/webhook-request-guards";
import * as targets from "openclaw/plugin-sdk/webhook-targets";

const paths = [
  "",
  "/",
  "hook",
  " /hook/ ",
  "/hook//",
  "//a///b/",
  "/Hook/%41",
  "/a/../b",
  "/a/%2e%2e/b",
  "/a%252fb",
  "/a%2Fb/",
  "/a b",
  "/%zz",
  "/grüße",
];

const trusted = ["10.0.0.0/8", "192.168.1.5", "::1", "fd00::/8"];

const clients = [
  { remoteAddr: "203.0.113.9", forwardedFor: "1.2.3.4" },
  { remoteAddr: "203.0.113.9", forwardedFor: "1.2.3.4", trustedProxies: trusted },
  { remoteAddr: "10.1.2.3", forwardedFor: "1.2.3.4", trustedProxies: trusted },
  { remoteAddr: "10.1.2.3", forwardedFor: "1.2.3.4, 5.6.7.8, 10.9.9.9", trustedProxies: trusted },
  { remoteAddr: "::ffff:10.1.2.3", forwardedFor: "[2001:db8::1]:443", trustedProxies: trusted },
  { remoteAddr: "192.168.1.5", forwardedFor: "7.7.7.7:8080", trustedProxies: trusted },
  { remoteAddr: "192.168.1.6", forwardedFor: "7.7.7.7", trustedProxies: trusted },
  { remoteAddr: "fd00::7", forwardedFor: "127.0.0.1, x", trustedProxies: trusted },
  { remoteAddr: "10.1.2.3", realIp: "9.9.9.9", trustedProxies: trusted },
  { remoteAddr: "10.1.2.3", realIp: "9.9.9.9", trustedProxies: trusted, allowRealIpFallback: true },
  { remoteAddr: "nonsense", forwardedFor: "1.2.3.4", trustedProxies: trusted },
  { remoteAddr: undefined },
];

/** A response that remembers. */
function answer() {
  const headers = {};
  return {
    statusCode: 200,
    setHeader: (name, value) => (headers[name] = value),
    end(body) {
      this.told = { status: this.statusCode, headers: { ...headers }, body };
    },
  };
}

function request({ body, ...more }) {
  const req = Readable.from(body === undefined ? [] : [body]);
  return Object.assign(req, { method: "POST", url: "/hook", headers: {}, socket: {} }, more);
}

const limited = [
  { method: "GET" },
  { headers: {} },
  { headers: { "content-type": "text/plain" } },
  { headers: { "content-type": "application/json; charset=utf-8" } },
  { headers: { "content-type": ["application/problem+JSON"] } },
];

const bodies = [
  { body: '{"a": 1}' },
  { body: "  " },
  { body: undefined },
  { body: "[1, 2" , silent: true },
  { body: "x".repeat(100) },
  { body: "1", headers: { "content-length": "100" } },
  { body: '"grüße"' },
];

/** The text of syntax errors is the engine's own. */
const withoutReason = (result) =>
  result.code === "INVALID_JSON" && result.error !== "empty payload"
    ? { ...result, error: "some" }
    : result;

/** @type {Record<string, { inputs: unknown[], ask: (input: any) => unknown }>} */
export const cases = {
  normalizeWebhookPath: { inputs: paths, ask: targets.normalizeWebhookPath },
  canonicalizeWebhookRouteKey: { inputs: paths, ask: targets.canonicalizeWebhookRouteKey },
  normalizePluginHttpPath: {
    inputs: [...paths, undefined],
    ask: (path) => [
      ingress.normalizePluginHttpPath(path),
      ingress.normalizePluginHttpPath(path, "else"),
    ],
  },
  resolveWebhookPath: {
    inputs: [
      {},
      { defaultPath: "/d" },
      { webhookPath: " hook/ ", webhookUrl: "https://h/x" },
      { webhookUrl: "https://h.example/x/y/?q" },
      { webhookUrl: "https://h.example" },
      { webhookUrl: "no url", defaultPath: "/d" },
      { webhookPath: "  ", defaultPath: null },
    ],
    ask: targets.resolveWebhookPath,
  },
  resolveClientIp: { inputs: clients, ask: resolveClientIp },
  resolveRequestClientIp: {
    inputs: [
      undefined,
      { socket: { remoteAddress: "10.0.0.1" }, headers: { "x-forwarded-for": ["1.1.1.1"] } },
      { socket: { remoteAddress: "8.8.8.8" }, headers: { "x-real-ip": "1.1.1.1" } },
      { headers: {} },
    ],
    ask: (req) => ingress.resolveRequestClientIp(req, trusted, true),
  },
  createFixedWindowRateLimiter: {
    inputs: [
      { windowMs: 100, maxRequests: 2, maxTrackedKeys: 2 },
      { windowMs: 0, maxRequests: 0.5, maxTrackedKeys: 10 },
    ],
    ask(options) {
      const limiter = ingress.createFixedWindowRateLimiter(options);
      const asked = [["a", 1], ["a", 2], ["a", 3], ["", 3], ["b", 4], ["c", 5], ["a", 6], ["a", 150]];
      const answers = asked.map(([key, now]) => [limiter.isRateLimited(key, now), limiter.size()]);
      limiter.clear();
      return [...answers, limiter.size()];
    },
  },
  createWebhookAnomalyTracker: {
    inputs: [{}, { logEvery: 2 }, { ttlMs: 10, trackedStatusCodes: [500] }],
    ask(options) {
      const tracker = ingress.createWebhookAnomalyTracker(options);
      const lines = [];
      const counts = [400, 401, 200, 500, 429, 500, 500].map((statusCode, at) =>
        tracker.record({
          key: at === 4 ? "" : "k",
          statusCode,
          message: (count) => `seen ${count}`,
          log: (line) => lines.push(line),
          nowMs: at * 4,
        }),
      );
      return { counts, lines, size: tracker.size() };
    },
  },
  createWebhookInFlightLimiter: {
    inputs: [{ maxInFlightPerKey: 2 }, { maxInFlightPerKey: 1, maxTrackedKeys: 1 }],
    ask(options) {
      const limiter = guards.createWebhookInFlightLimiter(options);
      const taken = ["a", "a", "a", "b", "", "a"].map((key) => limiter.tryAcquire(key));
      limiter.release("a");
      limiter.release("nobody");
      return [...taken, limiter.tryAcquire("a"), limiter.size()];
    },
  },
  isJsonContentType: {
    inputs: [undefined, "", "application/json", "Application/JSON ; x", "a/b+json", ["text/json"]],
    ask: guards.isJsonContentType,
  },
  beginWebhookRequestPipelineOrReject: {
    inputs: limited,
    ask(given) {
      const res = answer();
      const inFlightLimiter = guards.createWebhookInFlightLimiter({ maxInFlightPerKey: 1 });
      const params = {
        req: request(given),
        res,
        allowMethods: ["POST", "PUT"],
        requireJsonContentType: true,
        inFlightLimiter,
        inFlightKey: "k",
      };
      const first = guards.beginWebhookRequestPipelineOrReject(params);
      const second = guards.beginWebhookRequestPipelineOrReject(params);
      first.release?.();
      return [first.ok, second.ok, res.told, inFlightLimiter.size()];
    },
  },
  readJsonBodyWithLimit: {
    inputs: bodies,
    async ask(given) {
      const read = (more) =>
        guards.readJsonBodyWithLimit(request(given), { maxBytes: 50, ...more });
      return [withoutReason(await read({})), withoutReason(await read({ emptyObjectOnEmpty: false }))];
    },
  },
  resolveWebhookTargets: {
    inputs: ["/hook", "/hook/?q", "/HOOK", "/%68ook", "/other"],
    ask(url) {
      const byPath = new Map();
      const events = [];
      const one = targets.registerWebhookTarget(
        byPath,
        { path: "hook/", id: 1 },
        {
          onFirstPathTarget: ({ path }) => {
            events.push(["first", path]);
            return () => events.push(["teardown"]);
          },
          onLastPathTargetRemoved: ({ path }) => events.push(["last", path]),
        },
      );
      const two = targets.registerWebhookTarget(byPath, { path: "/hook", id: 2 });
      const found = targets.resolveWebhookTargets({ url }, byPath);
      one.unregister();
      one.unregister();
      two.unregister();
      return { found, events, left: [...byPath.keys()] };
    },
  },
  resolveWebhookTargetWithAuthOrRejectSync: {
    inputs: [[], ["a"], ["a", "b"], ["a", "a"]],
    ask(ids) {
      const res = answer();
      const matched = targets.resolveWebhookTargetWithAuthOrRejectSync({
        targets: ids,
        res,
        isMatch: (id) => id === "a",
        ambiguousMessage: "two",
      });
      return [matched, res.told];
    },
  },
};
