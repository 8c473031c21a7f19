/** `console`: a plugin's lines in the host's log. */
import { log as write } from "ocg:native/console";

const started = new Map();
const counts = new Map();
let indent = "";

/** Until `node:util` is there, values are shown as JSON. */
let format = (...values) => values.map(plain).join(" ");

function plain(value) {
  if (typeof value === "string") return value;
  if (value instanceof Error) return value.stack ? `${value}\n${value.stack}` : String(value);
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value);
  }
}

/** Sets how values become text: `format` of `node:util`. */
export function setFormat(formatter) {
  format = formatter;
}

function line(level, values) {
  const text = format(...values);
  write(level, indent ? text.replace(/^/gm, indent) : text);
}

const elapsed = (label) => `${label}: ${(performance.now() - started.get(label)).toFixed(3)}ms`;

const console = {
  log: (...values) => line("info", values),
  info: (...values) => line("info", values),
  warn: (...values) => line("warn", values),
  error: (...values) => line("error", values),
  debug: (...values) => line("debug", values),
  trace: (...values) => line("debug", [...values, `\n${new Error().stack}`]),
  dir: (value) => line("info", [value]),
  dirxml: (...values) => line("info", values),
  table: (value) => line("info", [value]),
  assert(condition, ...values) {
    if (!condition) line("error", ["Assertion failed", ...values]);
  },
  group(...values) {
    if (values.length > 0) line("info", values);
    indent += "  ";
  },
  groupEnd() {
    indent = indent.slice(2);
  },
  count(label = "default") {
    counts.set(label, (counts.get(label) ?? 0) + 1);
    line("info", [`${label}: ${counts.get(label)}`]);
  },
  countReset: (label = "default") => counts.delete(label),
  time: (label = "default") => started.set(label, performance.now()),
  timeLog(label = "default", ...values) {
    if (started.has(label)) line("info", [elapsed(label), ...values]);
  },
  timeEnd(label = "default") {
    if (started.has(label)) line("info", [elapsed(label)]);
    started.delete(label);
  },
  clear() {},
};
console.groupCollapsed = console.group;

export default console;
