/** The life of accounts (plugin contract §4.3, §4.4). */
import { inspect } from "node:util";
import { hostNotify } from "ocg:host";
import { getRuntimeConfig } from "ocg:runtime/config";
import { accountEnded, accountStarts } from "ocg:runtime/http-routes";
import { createLogger } from "ocg:runtime/logging";
import { channelPlugin } from "ocg:runtime/plugin-registry";
import { channelRuntime } from "ocg:runtime/runtime";
import { answersFinished, turnsEnded } from "ocg:runtime/turns";

/** How long a plugin may take to stop an account. */
const STOP_TIMEOUT_MS = 5000;

/** Running accounts by "channel/account". @type {Map<string, object>} */
const running = new Map();

/** @param {{ channel: string }} params */
export async function listAccounts({ channel }) {
  const plugin = channelPlugin(channel);
  const cfg = getRuntimeConfig();
  const ids = await plugin.config.listAccountIds(cfg);
  return Promise.all(ids.map((id) => describeAccount(plugin, cfg, id)));
}

/** An error in words; plugins throw all sorts of things. */
function described(error) {
  if (error instanceof Error) return error.message;
  return typeof error === "string" ? error : inspect(error);
}

async function describeAccount(plugin, cfg, id) {
  let account;
  try {
    account = plugin.config.resolveAccount(cfg, id);
  } catch (error) {
    // One account that cannot be read must not hide the others.
    const blocked = `its configuration cannot be read: ${described(error)}`;
    return { id, name: null, enabled: true, blocked };
  }
  const enabled = plugin.config.isEnabled?.(account, cfg) ?? account?.enabled !== false;
  const configured = (await plugin.config.isConfigured?.(account, cfg)) ?? true;
  const blocked = !enabled
    ? (plugin.config.disabledReason?.(account, cfg) ?? "disabled in the configuration")
    : !configured
      ? (plugin.config.unconfiguredReason?.(account, cfg) ?? "not configured")
      : null;
  return { id, name: account?.name ?? null, enabled: Boolean(enabled), blocked };
}

/**
 * Runs an account until it ends. Resolves when the plugin's startAccount does.
 *
 * @param {{ channel: string, account: string }} params
 */
export async function startAccount({ channel, account }) {
  const key = `${channel}/${account}`;
  if (running.has(key)) throw new Error(`${key} is already running`);
  const context = createContext(channel, account);
  running.set(key, context);
  accountStarts(account);
  try {
    const plugin = channelPlugin(channel);
    await plugin.gateway.startAccount(context.ctx);
    // Older plugins go on in the background (plugin contract §4.4).
    if (plugin.gateway.stopAccount && context.ctx.getStatus().running === true) {
      await aborted(context.abort.signal);
    }
  } catch (error) {
    // Plugins reject their waits when they are told to stop: that is no failure.
    if (context.abort.signal.aborted) return;
    throw error instanceof Error ? error : new Error(described(error));
  } finally {
    if (running.get(key) === context) running.delete(key);
    if (!context.abort.signal.aborted) accountEnded(account);
  }
}

function aborted(signal) {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", resolve, { once: true });
  });
}

/**
 * Tells an account to stop: it receives nothing more at once, and its stopAccount is called when
 * its open turns have been answered, for plugins close there what replies need.
 *
 * @param {{ channel: string, account: string }} params
 */
export async function stopAccount({ channel, account }) {
  const context = running.get(`${channel}/${account}`);
  if (!context) return;
  const key = `${channel}/${account}`;
  await answersFinished(key);
  context.abort.abort();
  try {
    await turnsEnded(key);
    await answersFinished(key);
    await stopPlugin(channel, account, context);
  } finally {
    // Replies may need the account's routes until now: platforms fetch some of them there.
    accountEnded(account);
  }
}

async function stopPlugin(channel, account, context) {
  // The account was started again meanwhile and needs what stopAccount would close.
  const successor = running.get(`${channel}/${account}`);
  if (successor && successor !== context) return;
  const stop = channelPlugin(channel).gateway.stopAccount;
  if (!stop) return;
  const ctx = { ...context.ctx, abortSignal: new AbortController().signal };
  await Promise.race([
    Promise.resolve(stop(ctx)).catch((error) => context.ctx.log.warn(`stopAccount: ${error}`)),
    new Promise((resolve) => setTimeout(resolve, STOP_TIMEOUT_MS)),
  ]);
}

function createContext(channel, accountId) {
  const cfg = getRuntimeConfig();
  const abort = new AbortController();
  const log = createLogger(channel);
  let status = { accountId };
  const ctx = {
    cfg,
    accountId,
    account: channelPlugin(channel).config.resolveAccount(cfg, accountId),
    runtime: {
      log: log.info,
      error: log.error,
      exit(code) {
        throw new Error(`the plugin asked to exit with code ${code}`);
      },
    },
    abortSignal: abort.signal,
    log,
    channelRuntime,
    invalidateDirectoryCache() {},
    getStatus: () => status,
    setStatus(patch) {
      status = { ...status, ...patch };
      hostNotify("account.status", { channel, account: accountId, patch });
    },
  };
  return { abort, ctx };
}
