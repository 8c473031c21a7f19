/** Connections with options of their own; proxies are the gateway's. */
import { lookup } from "node:dns";
import { EnvHttpProxyAgent, ProxyAgent, fetch } from "ocg:web/undici";

/** Answers for one host with addresses that are known already. */
export function createPinnedLookup({ hostname, addresses, fallback = lookup }) {
  const name = hostname.toLowerCase();
  const records = addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
  return (host, options, callback) => {
    const answer = typeof options === "function" ? options : callback;
    if (host.toLowerCase() !== name) {
      return typeof options === "function"
        ? fallback(host, answer)
        : fallback(host, options, answer);
    }
    const family = typeof options === "number" ? options : options?.family;
    const fitting = records.filter((record) => !family || record.family === family);
    const usable = fitting.length > 0 ? fitting : records;
    if (options?.all) answer(null, usable);
    else answer(null, usable[0].address, usable[0].family);
  };
}

export const createHttp1ProxyAgent = (options) => new ProxyAgent(options);
export const createHttp1EnvHttpProxyAgent = (options) => new EnvHttpProxyAgent(options);

/** A fetch whose requests go through a proxy. @param {string} proxyUrl */
export function makeProxyFetch(proxyUrl) {
  const dispatcher = new ProxyAgent(proxyUrl);
  return (input, init) => fetch(input, { ...init, dispatcher });
}
