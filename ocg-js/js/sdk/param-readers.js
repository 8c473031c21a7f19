/** Parameters of tools and gateway methods, which come in camelCase or snake_case. */

/** A parameter that the caller got wrong. */
class ParamError extends Error {
  name = "ToolInputError";
  status = 400;
}

/**
 * A string parameter.
 *
 * @param {Record<string, unknown>} params
 * @param {string} key
 * @param {{ required?: boolean, trim?: boolean, label?: string, allowEmpty?: boolean }} [options]
 */
export function readStringParam(params, key, options = {}) {
  const { required = false, trim = true, label = key, allowEmpty = false } = options;
  const snake = key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const raw = Object.hasOwn(params, key) ? params[key] : params[snake];
  const value = typeof raw === "string" ? (trim ? raw.trim() : raw) : undefined;
  if (value || (value === "" && allowEmpty)) return value;
  if (required) throw new ParamError(`${label} required`);
  return undefined;
}
