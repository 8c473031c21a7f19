/** The configuration as plugins read and write it. */
export { getRuntimeConfig, loadConfig, writeConfigFile } from "ocg:runtime/config";
import { config, getRuntimeConfig } from "ocg:runtime/config";

export const { mutateConfigFile, replaceConfigFile } = config;

/** The configuration as it stands, to be changed and written back. */
export async function readConfigFileSnapshotForWrite() {
  const snapshot = structuredClone(getRuntimeConfig());
  return {
    snapshot: { exists: true, valid: true, config: snapshot, sourceConfig: snapshot, issues: [] },
    writeOptions: {},
  };
}

/** Whether a channel offers commands in the platform's own way. */
export function resolveNativeCommandsEnabled({ providerSetting, globalSetting }) {
  const setting = providerSetting ?? globalSetting;
  return setting === undefined || setting === "auto" ? true : setting === true;
}

/** An agent's skills as commands: a gateway knows none. (inert) */
export const resolveNativeSkillsEnabled = () => false;

/** Jobs of an agent engine's clock: there are none. (inert) */
export const resolveCronStorePath = () => "";
export const loadCronStore = async () => ({ version: 1, jobs: [] });
export const saveCronStore = async () => {};
