/** The agent has its own model; a chat cannot choose another. (inert) */
export const applySessionModelSelection = async () => ({
  ok: false,
  error: "the agent behind this gateway has its own model",
});
