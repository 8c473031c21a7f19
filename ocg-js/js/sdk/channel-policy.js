/** Policies that channels derive from their configuration. */
export {
  resolveChannelGroupPolicy,
  resolveChannelGroupRequireMention,
} from "ocg:runtime/group-policy";

/** Tools that a group may use: none are run, so there is no policy (inert by design). */
export function resolveChannelGroupToolsPolicy() {
  return undefined;
}
