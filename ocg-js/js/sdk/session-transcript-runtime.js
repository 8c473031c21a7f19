/** The transcript of an agent engine. OCG's history is the gateway's. (inert) */
export const appendAssistantMirrorMessageByIdentity = async () => ({
  ok: false,
  reason: "no transcript",
});
export const readLatestAssistantTextByIdentity = async () => undefined;
