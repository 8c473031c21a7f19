/** Plugin hooks. */

/** The runner of plugin hooks: none, for OCG runs no hooks (inert by design). */
export function getGlobalHookRunner() {
  return null;
}
