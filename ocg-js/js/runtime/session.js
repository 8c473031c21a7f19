/** The `channel.session` branch: where sessions would be stored, and when they last moved. */
import { isAbsolute, join, resolve } from "node:path";
import { homedir } from "node:os";
import { resolveStateDir } from "ocg:runtime/state-dir";

/** Most sessions remembered; the oldest are forgotten first. */
const MAX_SESSIONS = 10_000;

/** @type {Map<string, number>} */
const updatedAt = new Map();

/**
 * The path of an agent's session store. OCG keeps no such file, but plugins derive folders of
 * their own from it.
 */
function resolveStorePath(store, { agentId = "main" } = {}) {
  if (!store) return join(resolveStateDir(), "agents", agentId, "sessions", "sessions.json");
  const path = store.replaceAll("{agentId}", agentId).replace(/^~(?=$|\/)/, homedir());
  return isAbsolute(path) ? path : resolve(path);
}

export async function recordInboundSession({ sessionKey }) {
  updatedAt.delete(sessionKey);
  updatedAt.set(sessionKey, Date.now());
  if (updatedAt.size > MAX_SESSIONS) updatedAt.delete(updatedAt.keys().next().value);
}

export const session = {
  resolveStorePath,
  recordInboundSession,
  readSessionUpdatedAt: ({ sessionKey }) => updatedAt.get(sessionKey),
};
