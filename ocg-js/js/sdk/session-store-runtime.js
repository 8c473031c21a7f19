/** Sessions: an agent engine's store, which is empty here (inert), and when a session last moved. */
import { session } from "ocg:runtime/session";

export const { resolveStorePath, readSessionUpdatedAt } = session;

export function getSessionEntry() {
  return undefined;
}

export async function patchSessionEntry() {
  return undefined;
}

export function readAmbientTranscriptWatermark() {
  return undefined;
}
