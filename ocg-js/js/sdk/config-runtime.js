/** The configuration as plugins read and write it. */
export { getRuntimeConfig, loadConfig, writeConfigFile } from "ocg:runtime/config";
