/** Reading options as ECMA-402 does: checked against the values allowed. */

export function option(options, name, allowed, fallback = undefined, service = "Intl") {
  const value = options[name];
  if (value === undefined) return fallback;
  const text = String(value);
  if (allowed && !allowed.includes(text)) {
    throw new RangeError(`Value ${text} out of range for ${service} options property ${name}`);
  }
  return text;
}

export function flag(options, name, fallback = undefined) {
  return options[name] === undefined ? fallback : Boolean(options[name]);
}

export function digits(options, name, min, max, fallback = undefined) {
  if (options[name] === undefined) return fallback;
  const value = Number(options[name]);
  if (!(value >= min && value <= max)) throw new RangeError(`${name} value is out of range.`);
  return Math.floor(value);
}

export function objectOf(options) {
  if (options === null) throw new TypeError("Cannot convert undefined or null to object");
  return options === undefined ? Object.create(null) : Object(options);
}
