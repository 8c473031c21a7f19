/** Errors in words. */
export { formatErrorMessage, formatUncaughtError } from "ocg:runtime/errors";
