/** Configuration schemas that plugins build with zod. */
import { isRecord } from "openclaw/plugin-sdk/string-coerce-runtime";
import { schema } from "ocg:runtime/zod-schema";

/**
 * Wraps a zod schema as the `configSchema` of a plugin.
 *
 * The JSON Schema is made when it is first read: making it costs more than loading the plugin.
 *
 * @param {{ safeParse?: Function, toJSONSchema?: Function }} definition
 */
export function buildChannelConfigSchema(definition, options) {
  let jsonSchema;
  return {
    get schema() {
      jsonSchema ??= definition.toJSONSchema?.({ target: "draft-07", unrepresentable: "any" }) ?? {
        type: "object",
        additionalProperties: true,
      };
      return jsonSchema;
    },
    ...(options?.uiHints ? { uiHints: options.uiHints } : {}),
    runtime: {
      safeParse: (/** @type {unknown} */ value) => definition.safeParse?.(value),
    },
  };
}

/** An optional list of sender ids. */
export const AllowFromListSchema = schema({
  check: (value) =>
    Array.isArray(value) && value.every((id) => ["string", "number"].includes(typeof id))
      ? null
      : "expected a list of ids",
  json: { type: "array", items: { anyOf: [{ type: "string" }, { type: "number" }] } },
}).optional();

const TOOL_LISTS = ["allow", "alsoAllow", "deny"];

/** An optional policy of tools. */
export const ToolPolicySchema = schema({
  check: (value) => (isToolPolicy(value) ? null : "expected lists allow, alsoAllow or deny"),
  json: {
    type: "object",
    properties: Object.fromEntries(
      TOOL_LISTS.map((name) => [name, { type: "array", items: { type: "string" } }]),
    ),
    additionalProperties: false,
  },
}).optional();

function isToolPolicy(value) {
  if (!isRecord(value)) return false;
  if (value.allow?.length && value.alsoAllow?.length) return false;
  return Object.entries(value).every(
    ([name, list]) =>
      TOOL_LISTS.includes(name) &&
      (list === undefined ||
        (Array.isArray(list) && list.every((tool) => typeof tool === "string"))),
  );
}
