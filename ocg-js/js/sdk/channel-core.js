/** Building blocks of channel plugins. */
import { routing } from "ocg:runtime/routing";

/** The session and address of a message that a plugin sends on its own account. */
export function buildChannelOutboundSessionRoute(params) {
  const { cfg, agentId, channel, accountId, peer } = params;
  const dmScope = cfg?.session?.dmScope;
  const sessionKey = routing.buildAgentSessionKey({
    agentId,
    channel,
    accountId,
    peer,
    dmScope,
    identityLinks: cfg?.session?.identityLinks,
  });
  const optional = (name) => (params[name] === undefined ? {} : { [name]: params[name] });
  return {
    sessionKey,
    baseSessionKey: sessionKey,
    ...optional("recipientSessionExact"),
    peer,
    chatType: params.chatType,
    from: params.from,
    to: params.to,
    ...optional("threadId"),
  };
}
