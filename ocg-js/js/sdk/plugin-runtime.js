/** Plugin hooks. */

/** The runner of plugin hooks: none, for OCG runs no hooks (inert by design). */
export function getGlobalHookRunner() {
  return null;
}

/** No other plugin's buttons are in a chat. (inert) */
export const createChannelInteractiveDispatcher = () => async () => ({
  matched: false,
  handled: false,
  duplicate: false,
});
