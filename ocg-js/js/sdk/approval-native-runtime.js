/** Where an approval request came from: there are none (inert by design). */

/** No account. */
export function resolveApprovalRequestChannelAccountId() {
  return null;
}

/** No conversation. */
export function resolveApprovalRequestSessionConversation() {
  return null;
}

/** No request is of any account. */
export const doesApprovalRequestSelectChannelAccount = () => false;
