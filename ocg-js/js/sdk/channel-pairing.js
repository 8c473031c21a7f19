/** Senders who have been let in. */
import { readAllowFromStore } from "ocg:runtime/pairing";

/** The approved senders of exactly this account (plugin contract §6.1). */
export async function readChannelAllowFromStore(channel, _env, accountId) {
  return readAllowFromStore({ channel, accountId });
}
