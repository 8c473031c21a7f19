/** The configuration that plugins see: OpenClaw's shape, made of ocg.json. */
import { hostCall } from "ocg:host";

let current = {};

/** Replaces the configuration. @param {object} next */
export function setConfig(next) {
  current = next;
}

/** The live configuration; plugins must not change it. */
export function getRuntimeConfig() {
  return current;
}

/** A copy of the configuration that the caller may change and write back. */
export function loadConfig() {
  return structuredClone(current);
}

/**
 * Stores the differences between `next` and the configuration in ocg.json.
 *
 * @param {object} next
 */
export async function writeConfigFile(next) {
  await hostCall("config.write", { before: current, after: next });
  current = structuredClone(next);
}

/** The `config` branch of the PluginRuntime. */
export const config = {
  current: getRuntimeConfig,
  loadConfig,
  writeConfigFile,
  async replaceConfigFile(params) {
    await writeConfigFile(params.nextConfig ?? params.next ?? params);
  },
  async mutateConfigFile(params) {
    const draft = loadConfig();
    const result = await params.mutate(draft);
    await writeConfigFile(result ?? draft);
    return { config: current };
  },
};
