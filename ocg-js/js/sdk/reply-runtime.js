/** Requests that are no message to the agent. */
export { isAbortRequestText, isBtwRequestText } from "ocg:runtime/requests";
