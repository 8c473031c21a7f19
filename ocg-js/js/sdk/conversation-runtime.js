/** Senders who ask to be let in, and conversations that an agent's session is bound to. */
export { recordInboundSession } from "ocg:runtime/session";
export {
  buildPairingReply,
  upsertPairingRequest as upsertChannelPairingRequest,
} from "ocg:runtime/pairing";

/** No conversation is bound to anything but its own session. (inert) */
const NO_BINDINGS = {
  bind: async () => {
    throw new Error("OCG binds no conversations to sessions");
  },
  getCapabilities: () => ({
    adapterAvailable: false,
    bindSupported: false,
    unbindSupported: false,
    placements: [],
  }),
  listBySession: () => [],
  resolveByConversation: () => null,
  inspectByConversation: () => ({ status: "unbound", binding: null }),
  touch() {},
  unbind: async () => [],
};

export const getSessionBindingService = () => NO_BINDINGS;

export const resolveConfiguredBindingRoute = ({ route }) => ({ bindingResolution: null, route });

export const resolveRuntimeConversationBindingRoute = ({ route }) => ({
  bindingRecord: null,
  route,
});

export const ensureConfiguredBindingRouteReady = async () => ({ ok: true });

export const resolvePluginConversationBindingApproval = async () => ({ status: "expired" });
