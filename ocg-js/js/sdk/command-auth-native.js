/** What an agent engine would run a native command with. (inert) */
export const resolveEffectiveAgentRuntime = () => "ocg";
export const resolveFastModeState = () => ({ enabled: false, source: "default" });
