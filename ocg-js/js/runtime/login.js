/** Logging an account in (plugin contract §4.5). */
import { format } from "node:util";
import { hostNotify } from "ocg:host";
import { getRuntimeConfig } from "ocg:runtime/config";
import { channelPlugin } from "ocg:runtime/plugin";

/** How long a login may take. */
const LOGIN_TIMEOUT_MS = 480_000;

/**
 * @param {{ channel: string, account: string | null }} params
 * @returns {Promise<{ connected: boolean, message: string, account: string | null }>}
 */
export async function login({ channel, account }) {
  const plugin = channelPlugin(channel);
  // Plugins print codes and prompts with console.log: during a login they are for the user.
  console.log = console.info = toTerminal;
  if (plugin.gateway?.loginWithQrStart) return loginWithQr(plugin.gateway, account);
  if (plugin.auth?.login) {
    const runtime = { log: toTerminal, error: toTerminal, exit() {} };
    const accountId = account ?? plugin.config.defaultAccountId?.(getRuntimeConfig()) ?? "default";
    await plugin.auth.login({ cfg: getRuntimeConfig(), accountId, runtime, verbose: false });
    return { connected: true, message: "", account: accountId };
  }
  throw new Error(`channel ${channel} has no login: set its credentials in the configuration`);
}

async function loginWithQr(gateway, account) {
  const accountId = account ?? undefined;
  const started = await gateway.loginWithQrStart({ accountId, force: true, verbose: false });
  if (!started.qrDataUrl) return { connected: false, message: started.message, account: null };
  hostNotify("login.qr", { link: started.qrDataUrl, message: started.message ?? "" });
  const outcome = await gateway.loginWithQrWait({
    accountId,
    sessionKey: started.sessionKey,
    timeoutMs: LOGIN_TIMEOUT_MS,
  });
  return {
    connected: outcome.connected === true,
    message: outcome.message ?? "",
    account: outcome.accountId ?? account ?? null,
  };
}

function toTerminal(...parts) {
  process.stdout.write(`${format(...parts)}\n`);
}
