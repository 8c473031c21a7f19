/** The `api` object that a plugin's register() gets (plugin contract §4.2). */
import { resolve } from "node:path";
import { getRuntimeConfig } from "ocg:runtime/config";
import { handlerRegistrar, routeRegistrar } from "ocg:runtime/http-routes";
import { createLogger } from "ocg:runtime/logging";
import { pluginRuntime } from "ocg:runtime/runtime";

/**
 * @param {{ id: string, package: string, version: string, root: string }} plugin
 * @param {(registration: object) => void} registerChannel
 */
export function createPluginApi(plugin, registerChannel) {
  const api = {
    id: plugin.id,
    name: plugin.package,
    version: plugin.version,
    source: plugin.root,
    rootDir: plugin.root,
    registrationMode: "full",
    runtime: pluginRuntime,
    logger: createLogger(plugin.id),
    pluginConfig: {},
    get config() {
      return getRuntimeConfig();
    },
    resolvePath: (/** @type {string} */ path) => resolve(plugin.root, path),
    registerChannel,
    registerHttpRoute: routeRegistrar(plugin.id),
    registerHttpHandler: handlerRegistrar(plugin.id),
    on() {},
    lifecycle: {},
  };
  return new Proxy(api, {
    // Tools, commands and whatever later generations register belong to an agent engine.
    get: (target, name) =>
      name in target || typeof name !== "string" || !name.startsWith("register")
        ? target[name]
        : () => {},
  });
}
