/** Delivery of approval requests: there are none (inert by design). */

/** The capability as given; nothing asks for it. */
export function createChannelApprovalCapability(params) {
  return { ...params };
}
