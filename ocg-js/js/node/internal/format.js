// util.format and util.formatWithOptions

import { inspect } from "node:internal/inspect";

/** Objects with their own toString are shown by it under %s. */
function hasOwnText(value) {
  if (value instanceof Error) return true;
  let at = value;
  while (at) {
    if (Object.hasOwn(at, "toString")) return at !== Object.prototype && at !== Array.prototype;
    at = Object.getPrototypeOf(at);
  }
  return false;
}

function text(value, options) {
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "object" && value !== null && !(hasOwnText(value) && !isBuiltin(value))) {
    return inspect(value, { ...options, depth: 0, colors: false, compact: 3 });
  }
  return String(value);
}

function isBuiltin(value) {
  const name = value.constructor?.name;
  return (
    !(value instanceof Error) && globalThis[name] === value.constructor && typeof name === "string"
  );
}

function integer(value) {
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "symbol") return "NaN";
  const number = parseInt(value);
  return Object.is(number, -0) ? "-0" : String(number);
}

function json(value) {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (/circular/i.test(error.message)) return "[Circular]";
    throw error;
  }
}

const CONVERSIONS = {
  s: text,
  d(value) {
    if (typeof value === "bigint") return `${value}n`;
    if (typeof value === "symbol") return "NaN";
    const number = Number(value);
    return Object.is(number, -0) ? "-0" : String(number);
  },
  i: integer,
  f: (value) => (typeof value === "symbol" ? "NaN" : String(parseFloat(value))),
  j: json,
  o: (value, options) =>
    inspect(value, { ...options, showHidden: true, showProxy: true, depth: 4 }),
  O: (value, options) => inspect(value, options),
  c: () => "",
};

export function formatWithOptions(options, ...args) {
  let rest = args;
  let result = "";
  if (typeof args[0] === "string") {
    if (args.length === 1) return args[0];
    let next = 1;
    result = args[0].replace(/%[%sdifjoOc]/g, (match) => {
      if (match === "%%") return "%";
      if (next >= args.length) return match;
      return CONVERSIONS[match[1]](args[next++], options);
    });
    rest = args.slice(next);
    if (rest.length > 0) result += " ";
  }
  return (
    result +
    rest
      .map((value) =>
        typeof value === "string" ? value : inspect(value, { ...options, compact: 3 }),
      )
      .join(" ")
  );
}

export function format(...args) {
  return formatWithOptions({}, ...args);
}
