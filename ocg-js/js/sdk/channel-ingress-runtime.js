/** Access control of channels (plugin contract §6.1). */
export { createChannelIngressResolver } from "ocg:runtime/ingress";
export { defineStableChannelIngressIdentity } from "ocg:runtime/ingress-identity";
