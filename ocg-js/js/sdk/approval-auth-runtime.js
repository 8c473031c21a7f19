/** Who may approve what an agent asks for: an engine feature, of which a gateway keeps the shapes. */

const IMPLICIT = Symbol("implicit same-chat approval");

/** Marks an authorization that only follows from being in the same chat. */
export function markImplicitSameChatApprovalAuthorization(result) {
  Object.defineProperty(result, IMPLICIT, { value: true });
  return result;
}

/** Whether an authorization was marked so. */
export function isImplicitSameChatApprovalAuthorization(result) {
  return Boolean(result?.[IMPLICIT]);
}

const distinct = (list) => [...new Set(list.filter((entry) => entry !== undefined))];

/** The explicit approvers, or else the allowed senders and the default chat. */
export function resolveApprovalApprovers(params) {
  const normalized = (list) => (list ?? []).map((entry) => params.normalizeApprover(entry));
  const explicit = distinct(normalized(params.explicit));
  if (explicit.length > 0) return explicit;
  const chat = params.defaultTo?.trim();
  const normalizeChat = params.normalizeDefaultTo ?? params.normalizeApprover;
  return distinct([
    ...normalized(params.allowFrom),
    ...normalized(params.extraAllowFrom),
    ...(chat ? [normalizeChat(chat)] : []),
  ]);
}
