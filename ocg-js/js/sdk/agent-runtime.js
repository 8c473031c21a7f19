/** Agents: behind a gateway there is one, named "main" unless the configuration says otherwise. */
import { join, resolve } from "node:path";
import { homedir } from "node:os";
import { resolveStateDir } from "ocg:runtime/state-dir";
import { defaultAgentId, normalizeAgentId } from "ocg:runtime/agents";

/** The agent that gets what no binding routes elsewhere. */
export function resolveDefaultAgentId(cfg) {
  return defaultAgentId(cfg);
}

/** The folder that an agent would work in. */
export function resolveAgentWorkspaceDir(cfg, agentId) {
  const id =
    String(agentId ?? "")
      .trim()
      .toLowerCase() || defaultAgentId(cfg);
  const agents = Array.isArray(cfg?.agents?.list) ? cfg.agents.list : [];
  const own = agents.find((agent) => agent?.id?.toLowerCase() === id)?.workspace?.trim();
  if (own) return userPath(own);
  const shared = cfg?.agents?.defaults?.workspace?.trim();
  const isDefault = id === defaultAgentId(cfg);
  if (shared) return isDefault ? userPath(shared) : join(userPath(shared), id);
  return join(resolveStateDir(), isDefault ? "workspace" : `workspace-${id}`);
}

function userPath(path) {
  return resolve(path.replace(/^~(?=$|\/)/, homedir()));
}

/** What an agent's section of the configuration says. */
export function resolveAgentConfig(cfg, agentId) {
  const agents = Array.isArray(cfg?.agents?.list) ? cfg.agents.list : [];
  return agents.find((agent) => normalizeAgentId(agent?.id) === normalizeAgentId(agentId));
}

/** The folder in which an agent's engine would keep its state. */
export function resolveAgentDir(cfg, agentId) {
  return join(resolveStateDir(), "agents", normalizeAgentId(agentId), "agent");
}

/** The reaction that says "seen": none, unless the configuration names one. */
export function resolveAckReaction(cfg, _agentId, { channel, accountId } = {}) {
  const section = cfg?.channels?.[channel];
  const configured =
    section?.accounts?.[accountId]?.ackReaction ??
    section?.ackReaction ??
    cfg?.messages?.ackReaction;
  return configured?.trim() ?? "";
}

/** Replies are sent as soon as they are there. */
export const resolveHumanDelayConfig = () => undefined;

/** The one model behind the gateway, whatever it is: the agent's own business. (inert) */
export const resolveDefaultModelForAgent = () => ({ provider: "ocg", model: "agent" });
export const loadPreparedModelCatalog = async () => [];
export const findModelInCatalog = () => undefined;
export const resolveThinkingDefaultWithRuntimeCatalog = async () => undefined;
