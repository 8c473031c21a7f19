/** Logging an account in at a terminal (plugin contract §4.5). */
import { format } from "node:util";
import { hostNotify } from "ocg:host";
import { getRuntimeConfig, loadConfig, writeConfigFile } from "ocg:runtime/config";
import { loginKind } from "ocg:runtime/login-kind";
import { channelPlugin } from "ocg:runtime/plugin-registry";
import { createPrompter, WizardCancelled } from "ocg:runtime/prompter";
import { runSetupWizard } from "ocg:runtime/setup-wizard";

/** How long a login may take. */
const LOGIN_TIMEOUT_MS = 480_000;

/**
 * Runs the plugin's own terminal login where it has one, else its QR login or its setup wizard.
 *
 * @param {{ channel: string, account: string | null }} params
 * @returns {Promise<{ connected: boolean, message: string, account: string | null }>}
 */
export async function login({ channel, account }) {
  const plugin = channelPlugin(channel);
  // Plugins print codes and prompts with console.log: during a login they are for the user.
  console.log = console.info = toTerminal;
  switch (loginKind(plugin)) {
    case "terminal":
      return loginAtTerminal(plugin, account);
    case "qr":
      return loginWithQr(plugin.gateway, account);
    case "wizard":
      return loginWithWizard(plugin, account);
    default:
      throw new Error(`channel ${channel} has no login: set its credentials in the configuration`);
  }
}

async function loginAtTerminal(plugin, account) {
  const cfg = getRuntimeConfig();
  const before = new Set(await plugin.config.listAccountIds(cfg));
  const accountId = account ?? plugin.config.defaultAccountId?.(cfg) ?? "default";
  await plugin.auth.login({ cfg, accountId, runtime, verbose: false });
  const after = await plugin.config.listAccountIds(getRuntimeConfig());
  // The platform may name the account; without a new one, a known one was connected again.
  const created = after.find((id) => !before.has(id));
  const known = after.includes(accountId) ? accountId : after.length === 1 ? after[0] : null;
  return { connected: true, message: "", account: created ?? known };
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

/** The account is connected if the wizard's answers have led to one that can start. */
async function loginWithWizard(plugin, account) {
  const cfg = loadConfig();
  try {
    const done = await runSetupWizard(plugin, {
      cfg,
      account,
      prompter: createPrompter(),
      runtime,
    });
    if (JSON.stringify(done.cfg) !== JSON.stringify(getRuntimeConfig())) {
      await writeConfigFile(done.cfg);
    }
    const resolved = plugin.config.resolveAccount(done.cfg, done.account);
    const connected = (await plugin.config.isConfigured?.(resolved, done.cfg)) ?? true;
    const message = connected ? "" : "nothing was set up";
    return { connected, message, account: done.account };
  } catch (error) {
    if (!(error instanceof WizardCancelled)) throw error;
    return { connected: false, message: error.message, account: null };
  }
}

const runtime = { log: toTerminal, error: toTerminal, exit() {} };

function toTerminal(...parts) {
  process.stdout.write(`${format(...parts)}\n`);
}
