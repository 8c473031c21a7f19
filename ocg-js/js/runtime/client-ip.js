/** Who sent a request, seen through proxies that are trusted. */
import { BlockList, isIP } from "node:internal/net_address";

/**
 * The peer's address or, behind a trusted proxy, the one that it tells.
 *
 * @param {object | undefined} req
 * @param {string[]} [trustedProxies] addresses and CIDR blocks
 * @param {boolean} [allowRealIpFallback] believe X-Real-IP as well
 * @returns {string | undefined}
 */
export function resolveRequestClientIp(req, trustedProxies, allowRealIpFallback = false) {
  if (!req) return undefined;
  return resolveClientIp({
    remoteAddr: req.socket?.remoteAddress ?? "",
    forwardedFor: first(req.headers?.["x-forwarded-for"]),
    realIp: first(req.headers?.["x-real-ip"]),
    trustedProxies,
    allowRealIpFallback,
  });
}

const first = (value) => (Array.isArray(value) ? value[0] : value);

/** The same of the values themselves. */
export function resolveClientIp(params) {
  const { remoteAddr, forwardedFor, realIp, trustedProxies = [], allowRealIpFallback } = params;
  const remote = address(remoteAddr);
  if (!remote || !isTrusted(remote, trustedProxies)) return remote;
  const chain = (forwardedFor ?? "").split(",").map(address).filter(Boolean);
  // The nearest hop that is no proxy of ours: what stands before it anybody can write.
  const client = chain.findLast((hop) => !isLoopback(hop) && !isTrusted(hop, trustedProxies));
  return client ?? (allowRealIpFallback ? address(realIp) : undefined);
}

/** An address in plain form, without brackets, port and IPv4 mapping. */
function address(text) {
  const bare = (text ?? "")
    .trim()
    .replace(/^\[(.*)\](:\d+)?$/, "$1")
    .replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, "$1")
    .replace(/^::ffff:(?=\d+\.)/i, "");
  return isIP(bare) ? bare.toLowerCase() : undefined;
}

const isLoopback = (text) => text === "::1" || text.startsWith("127.");

const family = (text) => (isIP(text) === 6 ? "ipv6" : "ipv4");

function isTrusted(text, proxies) {
  return proxies.some((proxy) => {
    const [network, bits] = proxy.trim().split("/");
    const base = address(network);
    if (!base || family(base) !== family(text)) return false;
    if (bits === undefined) return base === text;
    const most = isIP(base) === 6 ? 128 : 32;
    if (!/^\d+$/.test(bits) || Number(bits) > most) return false;
    const list = new BlockList();
    list.addSubnet(base, Number(bits), family(base));
    return list.check(text, family(text));
  });
}
