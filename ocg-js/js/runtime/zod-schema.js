/**
 * Schemas that plugins put into schemas of their own zod: they answer what zod asks of a schema,
 * without bringing a second zod along.
 */

/**
 * @param {{ check: (value: unknown) => string | null, json: object, optional?: boolean }} spec
 *   `check` says what is wrong with a value
 */
export function schema(spec) {
  const { check, json, optional = false } = spec;
  const internals = {
    def: { type: "custom" },
    traits: new Set(["$ZodType", "ZodType"]),
    bag: {},
    version: { major: 4, minor: 4, patch: 3 },
    deferred: [],
    ...(optional ? { optin: "optional", optout: "optional" } : {}),
    toJSONSchema: () => json,
    parse: run,
    run,
  };
  function run(payload) {
    const wrong = optional && payload.value === undefined ? null : check(payload.value);
    if (wrong) payload.issues.push({ code: "custom", message: wrong, input: payload.value });
    return payload;
  }
  const self = {
    _zod: internals,
    def: internals.def,
    optional: () => schema({ ...spec, optional: true }),
    describe: (/** @type {string} */ description) =>
      schema({ ...spec, json: { ...json, description } }),
    register(/** @type {{ add: Function }} */ registry, /** @type {object} */ meta) {
      registry.add(self, meta);
      return self;
    },
    safeParse(value) {
      const { issues } = run({ value, issues: [] });
      return issues.length > 0
        ? { success: false, error: { issues } }
        : { success: true, data: value };
    },
    parse(value) {
      const result = self.safeParse(value);
      if (!result.success) throw new TypeError(result.error.issues[0].message);
      return value;
    },
    toJSONSchema: () => json,
  };
  return self;
}
