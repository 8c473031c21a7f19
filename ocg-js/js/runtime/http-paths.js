/** Paths of webhooks and routes. */

/** Path segments may be encoded more than once. */
const DECODINGS = 32;

/** A path with a slash before it and none behind it. @param {string} path */
export function normalizeWebhookPath(path) {
  const trimmed = path.trim();
  const absolute = trimmed.startsWith("/") ? trimmed : `/${trimmed}`;
  return absolute.length > 1 && absolute.endsWith("/") ? absolute.slice(0, -1) : absolute;
}

/** A route's path with a slash before it, or null. */
export function normalizePluginHttpPath(path, fallback) {
  const chosen = path?.trim() || fallback?.trim();
  if (!chosen) return null;
  return chosen.startsWith("/") ? chosen : `/${chosen}`;
}

/** What paths are compared by: decoded, without dot segments and empty ones, in lower case. */
export function canonicalPath(path) {
  let decoded = path;
  for (let count = 0; count < DECODINGS; count++) {
    try {
      const next = decodeURIComponent(decoded);
      if (next === decoded) break;
      decoded = next;
    } catch {
      break;
    }
  }
  return withoutEmptySegments(withoutDots(decoded).toLowerCase());
}

function withoutDots(path) {
  try {
    return new URL(path, "http://localhost").pathname;
  } catch {
    return path;
  }
}

function withoutEmptySegments(path) {
  return path.replace(/\/{2,}/g, "/").replace(/(.)\/$/, "$1") || "/";
}

/** What webhooks are known by. @param {string} path */
export function canonicalizeWebhookRouteKey(path) {
  return canonicalPath(normalizeWebhookPath(path));
}

/**
 * The path that the configuration gives, or its URL, or the default.
 *
 * @param {{ webhookPath?: string, webhookUrl?: string, defaultPath?: string | null }} params
 */
export function resolveWebhookPath({ webhookPath, webhookUrl, defaultPath }) {
  if (webhookPath?.trim()) return normalizeWebhookPath(webhookPath);
  if (!webhookUrl?.trim()) return defaultPath ?? null;
  return URL.canParse(webhookUrl) ? normalizeWebhookPath(new URL(webhookUrl).pathname) : null;
}
