/** Requests that must not reach private networks (plugin contract §6.1). */
import { isPrivateAddress } from "ocg:runtime/private-address";

const MAX_REDIRECTS = 3;
const BLOCKED_NAMES = new Set(["localhost", "localhost.localdomain", "metadata.google.internal"]);
const BLOCKED_ENDINGS = [".localhost", ".local", ".internal"];
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** Headers that are meant for one origin alone may not follow a redirect to another one. */
const SAFE_HEADERS = new Set(
  "accept accept-encoding accept-language cache-control content-language content-type if-match if-modified-since if-none-match if-unmodified-since pragma range user-agent".split(
    " ",
  ),
);

/** A request that would reach what it must not. */
export class SsrFBlockedError extends Error {
  name = "SsrFBlockedError";
}

/**
 * Whether a host is a name or an address of a private network. Nothing is resolved.
 *
 * @param {string} hostname
 */
export function isBlockedHostnameOrIp(hostname, policy) {
  const host = canonicalHost(hostname);
  if (!host) return false;
  if (isBlockedName(host)) return true;
  return !permitsPrivate(policy) && isPrivateAddress(host);
}

function isBlockedName(host) {
  return BLOCKED_NAMES.has(host) || BLOCKED_ENDINGS.some((ending) => host.endsWith(ending));
}

/** The host as URLs have it: lower case, without a final dot, addresses in their usual form. */
function canonicalHost(hostname) {
  const text = String(hostname ?? "")
    .trim()
    .toLowerCase()
    .replace(/^\[|\]$/g, "")
    .replace(/%.*$/, "")
    .replace(/\.+$/, "");
  const url = `http://${text.includes(":") ? `[${text}]` : text}`;
  return URL.canParse(url) ? new URL(url).hostname : text;
}

function permitsPrivate(policy) {
  return policy?.dangerouslyAllowPrivateNetwork === true || policy?.allowPrivateNetwork === true;
}

/** Throws where a policy does not let a request pass. The host's own permissions apply as well. */
function check(url, policy = {}, requireHttps) {
  if (url.protocol !== "https:" && (requireHttps || url.protocol !== "http:")) {
    const wanted = requireHttps ? "https" : "http or https";
    throw new Error(`Invalid URL: must use ${wanted}`);
  }
  const host = canonicalHost(url.hostname);
  const names = (list) => (list ?? []).map(canonicalHost);
  const isAmong = (patterns) => (patterns ?? []).some((pattern) => matches(host, pattern));
  if (isAmong(policy.blockedHostnames)) throw blocked(host);
  const only = policy.hostnameAllowlist ?? [];
  if (only.length > 0 && !isAmong(only)) throw blocked(host);
  const permitted =
    names(policy.allowedHostnames).includes(host) ||
    (policy.allowedOrigins ?? []).some((origin) => new URL(origin).origin === url.origin);
  if (permitted || permitsPrivate(policy)) return;
  if (isBlockedHostnameOrIp(host, policy)) throw blocked(host);
}

function blocked(host) {
  return new SsrFBlockedError(
    `Blocked hostname or private/internal/special-use IP address: ${host}`,
  );
}

function matches(host, pattern) {
  const name = pattern.trim().toLowerCase();
  return name.startsWith("*.") ? host.endsWith(name.slice(1)) : host === canonicalHost(name);
}

/**
 * Fetches a URL; every redirect is checked like the first address.
 *
 * @param {{ url: string, init?: RequestInit, policy?: object, timeoutMs?: number,
 *   signal?: AbortSignal, maxRedirects?: number, requireHttps?: boolean,
 *   fetchImpl?: typeof fetch }} params
 * @returns {Promise<{ response: Response, finalUrl: string, release: () => Promise<void> }>}
 */
export async function fetchWithSsrFGuard(params) {
  const { policy, maxRedirects = MAX_REDIRECTS, requireHttps, fetchImpl = fetch } = params;
  const abort = new AbortController();
  const release = async () => {
    clearTimeout(timer);
    params.signal?.removeEventListener("abort", onAbort);
    abort.abort();
  };
  const onAbort = () => abort.abort(params.signal?.reason);
  const timer =
    params.timeoutMs > 0
      ? setTimeout(() => abort.abort(timeoutError(params.timeoutMs)), params.timeoutMs)
      : undefined;
  if (params.signal?.aborted) onAbort();
  else params.signal?.addEventListener("abort", onAbort, { once: true });
  const signals = [abort.signal, params.init?.signal].filter(Boolean);
  const signal = signals.length > 1 ? AbortSignal.any(signals) : signals[0];
  try {
    let url = parse(params.url);
    let finalUrl = params.url;
    const visited = new Set([url.href]);
    let init = { ...params.init };
    for (let redirects = 0; ; redirects++) {
      check(url, policy, requireHttps);
      const response = await fetchPermitted(fetchImpl, url, {
        ...init,
        redirect: "manual",
        signal,
      });
      if (!REDIRECTS.has(response.status)) {
        return { response, finalUrl, release: () => finish(response, release) };
      }
      const location = response.headers.get("location");
      await response.body?.cancel();
      if (!location) throw new Error(`Redirect without a location (${response.status})`);
      if (redirects >= maxRedirects) {
        throw new Error(`Too many redirects (limit: ${maxRedirects})`);
      }
      const next = new URL(location, url);
      init = redirected(init, response.status, url.origin === next.origin);
      url = next;
      finalUrl = url.href;
      if (visited.has(finalUrl)) throw new Error("Redirect loop");
      visited.add(finalUrl);
    }
  } catch (error) {
    await release();
    throw error;
  }
}

function parse(url) {
  if (!URL.canParse(url)) throw new Error("Invalid URL: must be http or https");
  return new URL(url);
}

async function finish(response, release) {
  if (!response.bodyUsed) await response.body?.cancel().catch(() => {});
  await release();
}

/** The host refuses what leads to a private address: to the plugin that is a blocked request. */
async function fetchPermitted(fetchImpl, url, init) {
  try {
    return await fetchImpl(url.href, init);
  } catch (error) {
    const denied = [error, error?.cause].find((one) => one?.code === "ERR_ACCESS_DENIED");
    if (denied) throw new SsrFBlockedError(denied.message, { cause: error });
    throw error;
  }
}

function redirected(init, status, sameOrigin) {
  const next = { ...init };
  const method = (init.method ?? "GET").toUpperCase();
  const becomesGet = status === 303 ? method !== "HEAD" : status < 303 && method === "POST";
  if (becomesGet) next.method = "GET";
  if (becomesGet || !sameOrigin) delete next.body;
  const headers = new Headers(init.headers);
  for (const name of Array.from(headers.keys())) {
    const isOfBody = name.startsWith("content-") && !next.body;
    if (isOfBody || (!sameOrigin && !SAFE_HEADERS.has(name))) headers.delete(name);
  }
  next.headers = headers;
  return next;
}

function timeoutError(ms) {
  return new DOMException(`request timed out after ${ms}ms`, "TimeoutError");
}
