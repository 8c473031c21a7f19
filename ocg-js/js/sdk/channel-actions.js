/** Message actions of channels. */
export { jsonResult } from "openclaw/plugin-sdk/tool-results";
export { readStringParam } from "openclaw/plugin-sdk/param-readers";
