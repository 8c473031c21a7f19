/** The agents that the configuration names. Behind a gateway there is usually one. */

export const MAIN_AGENT = "main";

/** The agent that gets what no binding routes elsewhere. */
export function defaultAgentId(cfg) {
  const list = Array.isArray(cfg?.agents?.list) ? cfg.agents.list : [];
  const agent = list.find((one) => one?.default === true) ?? list[0];
  return normalizeAgentId(agent?.id);
}

/** An agent id in canonical form; "main" where there is none. */
export function normalizeAgentId(value) {
  const id = String(value ?? "")
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 64);
  return id || MAIN_AGENT;
}
