/** Loggers that plugins get: they end in the gateway's log. */
import { format } from "node:util";
import { noteComplaint } from "ocg:web/exchange-watch";

/** @param {string} scope */
export function createLogger(scope) {
  const at =
    (/** @type {"debug" | "info" | "warn" | "error"} */ level) =>
    (...parts) =>
      console[level](`[${scope}]`, ...parts);
  return {
    trace: at("debug"),
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error(...parts) {
      noteComplaint(format(...parts));
      at("error")(...parts);
    },
    child: (/** @type {object} */ bindings) =>
      createLogger([scope, ...Object.values(bindings ?? {})].join("/")),
  };
}

/**
 * The logger of a part of a plugin.
 *
 * @param {string} subsystem
 */
export function createSubsystemLogger(subsystem) {
  const logger = createLogger(subsystem);
  return {
    ...logger,
    subsystem,
    isEnabled: (/** @type {string} */ level) =>
      !["trace", "debug"].includes(level) || logging.shouldLogVerbose(),
    fatal: logger.error,
    raw: logger.info,
    child: (/** @type {string} */ name) => createSubsystemLogger(`${subsystem}/${name}`),
  };
}

/** A line that is only there for those who asked for more. @param {string} message */
export function logVerbose(message) {
  console.debug(message);
}

/** The `logging` branch of the PluginRuntime. */
export const logging = {
  shouldLogVerbose: () => process.env.OPENCLAW_LOG_LEVEL === "DEBUG",
  getChildLogger: (/** @type {object} */ bindings) =>
    createLogger(Object.values(bindings ?? {}).join("/") || "plugin"),
};
