/** The `channel.pairing` branch: senders who wait for approval, kept by the gateway. */
import { hostCall } from "ocg:host";
import { getRuntimeConfig } from "ocg:runtime/config";
import { createLogger } from "ocg:runtime/logging";
import { channelPlugin } from "ocg:runtime/plugin-registry";
import { normalizeAccountId } from "openclaw/plugin-sdk/account-id";

/**
 * The approved senders of exactly this account.
 *
 * @param {{ channel: string, accountId?: string }} params
 * @returns {Promise<string[]>}
 */
export function readAllowFromStore({ channel, accountId }) {
  return hostCall("pairing.allowed", { channel, account: normalizeAccountId(accountId) });
}

/**
 * Notes that a sender asks to be let in. The code is new the first time only.
 *
 * @param {{ channel: string, id: string | number, accountId?: string, meta?: object }} params
 * @returns {Promise<{ code: string, created: boolean }>}
 */
export function upsertPairingRequest({ channel, id, accountId, meta = {} }) {
  const known = Object.entries(meta).filter(([, value]) => value != null && value !== "");
  return hostCall("pairing.upsert", {
    channel,
    account: normalizeAccountId(accountId),
    sender: String(id),
    meta: Object.fromEntries(known.map(([name, value]) => [name, String(value)])),
  });
}

/** What a sender is told who is not approved. */
export function buildPairingReply({ channel, idLine, code }) {
  return [
    "You are not approved to talk to this bot yet.",
    "",
    ...(idLine ? [idLine] : []),
    `Pairing code: ${code}`,
    "",
    "Ask the bot's owner to approve you with:",
    `ocg pairing approve ${channel} ${code}`,
  ].join("\n");
}

/**
 * Notes the request and, when it is new, tells the sender the code.
 *
 * @param {Record<string, any>} params
 */
export async function issuePairingChallenge(params) {
  const { channel, accountId, senderId, senderIdLine, meta, sendPairingReply } = params;
  const { code, created } = await upsertPairingRequest({ channel, id: senderId, accountId, meta });
  if (!created) return { created: false };
  params.onCreated?.({ code });
  try {
    await sendPairingReply(buildPairingReply({ channel, idLine: senderIdLine, code }));
  } catch (error) {
    params.onReplyError?.(error);
  }
  return { created: true, code };
}

/**
 * Tells a sender that they were approved (plugin contract §4.3, `pairing.notifyApproval`). Says
 * whether the plugin has words for that.
 *
 * @param {{ channel: string, account: string, sender: string }} params
 * @returns {Promise<boolean>}
 */
export async function tellApproved({ channel, account, sender }) {
  const adapter = channelPlugin(channel).pairing;
  if (typeof adapter?.notifyApproval !== "function") return false;
  const { info: log, error } = createLogger(channel);
  await adapter.notifyApproval({
    cfg: getRuntimeConfig(),
    id: sender,
    accountId: account,
    runtime: { log, error, exit() {} },
  });
  return true;
}

export const pairing = {
  readAllowFromStore,
  upsertPairingRequest,
  buildPairingReply,
  issueChallenge: issuePairingChallenge,
};
