/** Native approval prompts: there are none (inert by design). */

/** An adapter that is never available and loads nothing. */
export function createLazyChannelApprovalNativeRuntimeAdapter(params) {
  const { load, ...rest } = params;
  void load;
  return { ...rest, availability: { isConfigured: () => false, shouldHandle: () => false } };
}
