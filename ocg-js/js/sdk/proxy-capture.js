/** A debugging proxy that records requests: there is none. (inert) */
export function captureHttpExchange() {}

export const resolveEffectiveDebugProxyUrl = (configured) => configured;
