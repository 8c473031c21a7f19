/** Native approval prompts: there are none (inert by design). */

/** The adapter as given; nothing calls it. */
export function createChannelApprovalNativeRuntimeAdapter(spec) {
  return spec;
}
