/** Approval prompts in replies: an agent behind a gateway sends none (inert by design). */

/** No reply carries an approval request. */
export function getExecApprovalReplyMetadata() {
  return null;
}

/** Nothing is approved in a chat: no agent asks. (inert) */
export const createApproverRestrictedNativeApprovalCapability = () => ({});
export const createChannelNativeOriginTargetResolver = () => () => null;
