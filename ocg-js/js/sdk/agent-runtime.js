/** Agents: behind a gateway there is one, named "main" unless the configuration says otherwise. */
import { join, resolve } from "node:path";
import { homedir } from "node:os";
import { resolveStateDir } from "ocg:runtime/state-dir";
import { defaultAgentId } from "ocg:runtime/agents";

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
