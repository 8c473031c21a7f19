/** Configuration schemas that plugins build with zod. */

/**
 * Wraps a zod schema as the `configSchema` of a plugin.
 *
 * The JSON Schema is made when it is first read: making it costs more than loading the plugin.
 *
 * @param {{ safeParse?: Function, toJSONSchema?: Function }} schema
 */
export function buildChannelConfigSchema(schema, options) {
  let jsonSchema;
  return {
    get schema() {
      jsonSchema ??= schema.toJSONSchema?.({ target: "draft-07", unrepresentable: "any" }) ?? {
        type: "object",
        additionalProperties: true,
      };
      return jsonSchema;
    },
    ...(options?.uiHints ? { uiHints: options.uiHints } : {}),
    runtime: {
      safeParse: (/** @type {unknown} */ value) => schema.safeParse?.(value),
    },
  };
}
