/** What plugins tell platforms of their host. */
import { pluginRuntime } from "ocg:runtime/runtime";

/** The OpenClaw release whose contract this host keeps. */
export function resolveRuntimeServiceVersion() {
  return pluginRuntime.version;
}
