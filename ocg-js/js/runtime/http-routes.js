/** The HTTP routes that the plugin registers (plugin contract §4.2, §5). */
import { hostCallSync } from "ocg:host";
import { createLogger } from "ocg:runtime/logging";
import { canonicalPath, normalizePluginHttpPath } from "ocg:runtime/http-paths";

/**
 * @typedef {object} Route
 * @property {string} path as the gateway knows it
 * @property {string} key what paths of requests are compared with
 * @property {"exact" | "prefix"} match
 * @property {(req: object, res: object) => unknown} handler
 * @property {string | null} account whose route it is; null where the plugin does not say
 * @property {boolean} lasting registered before any account ran: it stays until the plugin ends
 * @property {number} holders how many registrations share it
 */

/** @type {Route[]} */
const routes = [];
/** Handlers of all paths, as older plugins have them. @type {Function[]} */
const catchAll = [];
/** How many runs each account has just now. @type {Map<string, number>} */
const running = new Map();

/** Told when an account starts, before its plugin can register routes. @param {string} account */
export function accountStarts(account) {
  running.set(account, (running.get(account) ?? 0) + 1);
}

/** Takes away the routes of an account that has ended. @param {string} account */
export function accountEnded(account) {
  const left = (running.get(account) ?? 1) - 1;
  if (left > 0) running.set(account, left);
  else running.delete(account);
  const isOver = (route) =>
    route.account === null ? running.size === 0 : !running.has(route.account);
  for (const route of routes.filter((one) => !one.lasting && isOver(one))) drop(route);
}

function drop(route) {
  const at = routes.indexOf(route);
  if (at < 0) return;
  routes.splice(at, 1);
  hostCallSync("route.remove", { path: route.path, match: route.match });
}

/**
 * Serves a route. Throws where the gateway does not.
 *
 * @param {{ path?: string, fallbackPath?: string, handler: Route["handler"],
 *   match?: "exact" | "prefix", auth?: string, accountId?: string, replaceExisting?: boolean,
 *   reuseExistingSameOwner?: boolean }} asked
 * @returns {() => void} takes the route away
 */
export function addRoute(asked) {
  const account = asked.accountId ?? null;
  const suffix = account === null ? "" : ` for account "${account}"`;
  const path = normalizePluginHttpPath(asked.path, asked.fallbackPath);
  if (!path) throw new Error(`webhook path missing${suffix}`);
  if (typeof asked.handler !== "function") throw new Error(`the route ${path} has no handler`);
  // Older plugins do not say who checks their requests: they do it themselves.
  if ((asked.auth ?? "plugin") !== "plugin") {
    throw new Error(
      `the route ${path} is for who logs in to OpenClaw's gateway, which OCG has not; it is not served`,
    );
  }
  const key = canonicalPath(path);
  const match = asked.match === "prefix" ? "prefix" : "exact";
  const existing = routes.find((one) => one.key === key && one.match === match);
  if (existing && asked.reuseExistingSameOwner && !asked.replaceExisting) {
    existing.holders++;
    return release(existing);
  }
  // An account that starts again takes over from its last run.
  const isSuccessor = account !== null && existing?.account === account;
  if (existing && !asked.replaceExisting && !isSuccessor) {
    throw new Error(`route conflict at ${path} (${match})${suffix}`);
  }
  const lasting = running.size === 0;
  const route = { path, key, match, handler: asked.handler, account, lasting, holders: 1 };
  if (existing) {
    route.path = existing.path;
    routes[routes.indexOf(existing)] = route;
  } else {
    hostCallSync("route.add", { path, match });
    routes.push(route);
  }
  return release(route);
}

function release(route) {
  let held = true;
  return () => {
    if (!held) return;
    held = false;
    route.holders--;
    if (route.holders === 0) drop(route);
  };
}

/** `api.registerHttpRoute`. @param {string} plugin its id */
export function routeRegistrar(plugin) {
  const log = createLogger(plugin);
  return (asked) => {
    try {
      addRoute(asked);
    } catch (error) {
      log.warn(error.message);
    }
  };
}

/** `api.registerHttpHandler`, of older plugins: it sees every request. @param {string} plugin */
export function handlerRegistrar(plugin) {
  const log = createLogger(plugin);
  return (handler) => {
    try {
      if (catchAll.length === 0) hostCallSync("route.add", { path: "/", match: "prefix" });
      catchAll.push(handler);
    } catch (error) {
      log.warn(error.message);
    }
  };
}

/** The SDK's way, which tells of a refusal in the plugin's log. */
export function registerPluginHttpRoute(asked) {
  try {
    return addRoute(asked);
  } catch (error) {
    const message = `plugin: ${error.message}`;
    asked.log?.(message);
    if (asked.throwOnFailure) throw new Error(message, { cause: error });
    return () => {};
  }
}

/** Who may answer a path: the exact route, the longest prefix first, then who takes all. */
function handlersOf(path) {
  const wanted = canonicalPath(path);
  const exact = routes.filter((one) => one.match === "exact" && one.key === wanted);
  const prefixes = routes
    .filter((one) => one.match === "prefix" && isBelow(wanted, one.key))
    .toSorted((one, other) => other.key.length - one.key.length);
  return [...[...exact, ...prefixes].map((one) => one.handler), ...catchAll];
}

function isBelow(path, prefix) {
  return path === prefix || path.startsWith(prefix.endsWith("/") ? prefix : `${prefix}/`);
}

/**
 * Answers a request, or null where no handler takes it.
 *
 * @param {{ method: string, target: string, headers: [string, string][], body: string,
 *   address: string, port: number }} request the body in base64
 */
export async function handleRequest(request) {
  const handlers = handlersOf(request.target.split("?")[0]);
  if (handlers.length === 0) return null;
  // node:http is loaded for the first request.
  const { exchange } = await import("ocg:runtime/http-exchange");
  return exchange(request, handlers);
}
