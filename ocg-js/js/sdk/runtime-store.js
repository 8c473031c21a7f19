/** A place where a plugin keeps the runtime it was given at registration. */

/**
 * @param {string | { key?: string, pluginId?: string, errorMessage?: string }} options
 */
export function createPluginRuntimeStore(options) {
  const message =
    typeof options === "string"
      ? options
      : (options?.errorMessage ?? `${options?.pluginId ?? "plugin"} runtime is not initialized`);
  let current = null;
  return {
    setRuntime(next) {
      current = next;
    },
    clearRuntime() {
      current = null;
    },
    tryGetRuntime: () => current,
    getRuntime() {
      if (current === null) throw new Error(message);
      return current;
    },
  };
}
