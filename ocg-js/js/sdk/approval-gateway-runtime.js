/** Answers to approval requests: there are none (inert by design). */

/** Refused: nothing waits for an approval. */
export async function resolveApprovalOverGateway({ approvalId } = {}) {
  throw new Error(`no approval ${approvalId ?? ""} is waiting: OCG's agent asks for none`);
}
