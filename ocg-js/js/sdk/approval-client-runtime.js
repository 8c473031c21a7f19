/** Approval clients: no agent asks for approvals behind a gateway (inert by design). */

/** A profile that has no approvers and authorizes nobody. */
export function createChannelExecApprovalProfile() {
  return {
    getApprovers: () => [],
    isApprover: () => false,
    isAuthorizedSender: () => false,
    isClientEnabled: () => false,
    isTargetRecipient: () => false,
    resolveTarget: () => "off",
    shouldHandleRequest: () => false,
    shouldSuppressLocalPrompt: () => false,
  };
}

/** Never enabled. */
export function isChannelExecApprovalClientEnabledFromConfig() {
  return false;
}

/** No request matches. */
export function matchesApprovalRequestFilters() {
  return false;
}
