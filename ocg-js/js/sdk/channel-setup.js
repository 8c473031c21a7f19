/** Setting up accounts. */

/**
 * What a plugin asks for, with what is done with the answers.
 *
 * @param {{ fields: Record<string, object>, adapter?: object, legacyAdapter?: object }} params
 */
export function defineChannelSetupContract(params) {
  const { fields } = params;
  const adapter = params.adapter ?? params.legacyAdapter;
  const withInput = (method) =>
    method && ((call) => method({ ...call, input: required(fields, call.input ?? {}) }));
  return {
    kind: "channel-owned",
    metadata: { fields: Object.entries(fields).map(([key, field]) => ({ ...field, key })) },
    parseInput: (input) => parse(fields, input),
    resolveAccountId: withInput(adapter.resolveAccountId),
    prepareAccountConfigInput: withInput(adapter.prepareAccountConfigInput),
    resolveBindingAccountId: adapter.resolveBindingAccountId,
    applyAccountName: adapter.applyAccountName,
    applyAccountConfig: withInput(adapter.applyAccountConfig),
    afterAccountConfigWritten: withInput(adapter.afterAccountConfigWritten),
    validateInput(call) {
      const parsed = parse(fields, call.input);
      return parsed.ok
        ? (adapter.validateInput?.({ ...call, input: parsed.value }) ?? null)
        : parsed.error;
    },
  };
}

function required(fields, input) {
  const parsed = parse(fields, input);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

/** Reads values by what the fields say they are; unknown ones are refused. */
function parse(fields, input) {
  const value = {};
  for (const [key, given] of Object.entries(input)) {
    if (given === undefined) continue;
    const kind = key === "name" ? "string" : fields[key]?.kind;
    if (!kind) return { ok: false, error: `unknown setup option: ${key}` };
    value[key] = read(kind, given);
    if (value[key] === undefined) return { ok: false, error: `${key} must be a ${kind}` };
  }
  return { ok: true, value };
}

function read(kind, given) {
  switch (kind) {
    case "boolean":
      return { true: true, false: false }[String(given)];
    case "integer":
    case "number": {
      const number = Number(given);
      return Number.isFinite(number) && (kind === "number" || Number.isInteger(number))
        ? number
        : undefined;
    }
    case "string-list":
      return Array.isArray(given) ? given.map(String) : String(given).split(",");
    default:
      return typeof given === "string" ? given : undefined;
  }
}
