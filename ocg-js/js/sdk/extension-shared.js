/** Proxies of the environment. */

/**
 * An agent for the proxy of the environment: none is needed, because OCG's connections go through
 * its own `proxy` setting already (inert by design).
 */
export async function resolveAmbientNodeProxyAgent() {
  return undefined;
}
