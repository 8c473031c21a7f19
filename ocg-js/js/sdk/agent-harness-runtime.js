/** Tools of an agent engine: a gateway runs none (inert by design). */

/** Calls a gateway tool: refused, for only an agent engine has them. */
export async function callGatewayTool(name) {
  throw new Error(`OCG runs no agent tools, so "${name}" cannot be called`);
}
