// util.inspect

import * as native from "ocg:native/inspect";
import { COLORS, columns, quote, STYLES } from "node:internal/inspect_text";
import * as types from "node:util/types";

export const custom = Symbol.for("nodejs.util.inspect.custom");

const DEFAULTS = {
  showHidden: false,
  depth: 2,
  colors: false,
  customInspect: true,
  showProxy: false,
  maxArrayLength: 100,
  maxStringLength: 10000,
  breakLength: 128,
  compact: 3,
  sorted: false,
  getters: false,
  numericSeparator: false,
};

/**
 * A value as text for people.
 * @param {unknown} value
 */
export function inspect(value, options = undefined, ...legacy) {
  const ctx = {
    ...DEFAULTS,
    breakLength: 80,
    seen: [],
    circular: undefined,
    indentation: 0,
    currentDepth: 0,
    user: options,
  };
  if (typeof options === "boolean") {
    ctx.showHidden = options;
    if (legacy[0] !== undefined) ctx.depth = legacy[0];
    if (legacy[1] !== undefined) ctx.colors = legacy[1];
  } else if (options !== null && typeof options === "object") {
    for (const name of [...Object.keys(DEFAULTS), "stylize", "indentation"]) {
      if (options[name] !== undefined) ctx[name] = options[name];
    }
  }
  for (const name of ["depth", "maxArrayLength", "maxStringLength"])
    if (ctx[name] === null) ctx[name] = Infinity;
  if (!options?.stylize || ctx.colors) ctx.stylize = ctx.colors ? colored : plain;
  return formatValue(ctx, value, 0, false);
}
inspect.custom = custom;
inspect.defaultOptions = DEFAULTS;
inspect.colors = COLORS;
inspect.styles = STYLES;

const plain = (text) => text;

function colored(text, kind) {
  const style = COLORS[STYLES[kind]];
  return style ? `\x1b[${style[0]}m${text}\x1b[${style[1]}m` : text;
}

/** What is only for this walk. */
const INTERNAL = ["seen", "circular", "user", "currentDepth", "indentation"];

/** The settings as a custom inspect function may see them. */
function publicSettings(ctx) {
  return Object.fromEntries(Object.entries(ctx).filter(([name]) => !INTERNAL.includes(name)));
}

function formatValue(ctx, value, depth, typed) {
  if ((typeof value !== "object" && typeof value !== "function") || value === null)
    return formatPrimitive(ctx, value);
  if (ctx.customInspect) {
    const hook = value[custom];
    const isTemplate = value.constructor?.prototype === value;
    if (typeof hook === "function" && hook !== inspect && !isTemplate) {
      const left = ctx.depth === Infinity ? Infinity : ctx.depth - depth;
      const settings = publicSettings(ctx);
      const result = hook.call(
        value,
        left,
        { ...settings, depth: left, stylize: ctx.stylize },
        inspect,
      );
      if (result !== value) {
        if (typeof result !== "object")
          return String(result).replaceAll("\n", `\n${" ".repeat(ctx.indentation)}`);
        return formatValue(ctx, result, depth, false);
      }
    }
  }
  if (ctx.seen.includes(value)) {
    ctx.circular ??= new Map();
    if (!ctx.circular.has(value)) ctx.circular.set(value, ctx.circular.size + 1);
    return ctx.stylize(`[Circular *${ctx.circular.get(value)}]`, "special");
  }
  return formatObject(ctx, value, depth, typed);
}

function formatPrimitive(ctx, value) {
  if (typeof value === "string") {
    let text = value;
    let trailer = "";
    if (text.length > ctx.maxStringLength) {
      const rest = text.length - ctx.maxStringLength;
      text = text.slice(0, ctx.maxStringLength);
      trailer = `... ${rest} more character${rest > 1 ? "s" : ""}`;
    }
    if (
      ctx.compact !== true &&
      text.length > 16 &&
      text.length > ctx.breakLength - ctx.indentation - 4
    ) {
      const lines = text.split(/(?<=\n)/).map((line) => ctx.stylize(quote(line), "string"));
      return lines.join(` +\n${" ".repeat(ctx.indentation + 2)}`) + trailer;
    }
    return ctx.stylize(quote(text), "string") + trailer;
  }
  if (typeof value === "number") return ctx.stylize(number(ctx, value), "number");
  if (typeof value === "bigint") return ctx.stylize(`${separated(ctx, String(value))}n`, "bigint");
  if (typeof value === "symbol") return ctx.stylize(value.toString(), "symbol");
  if (value === null) return ctx.stylize("null", "null");
  return ctx.stylize(String(value), typeof value);
}

function number(ctx, value) {
  if (Object.is(value, -0)) return "-0";
  return separated(ctx, String(value));
}

function separated(ctx, digits) {
  if (!ctx.numericSeparator || /[eIN]/.test(digits)) return digits;
  const [whole, fraction] = digits.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, "_");
  return fraction === undefined
    ? grouped
    : `${grouped}.${fraction.replace(/(\d{3})(?=\d)/g, "$1_")}`;
}

/** The name of the constructor, null for none at all. */
function constructorName(value) {
  let at = value;
  while (at !== null && at !== undefined) {
    const own = Object.getOwnPropertyDescriptor(at, "constructor");
    if (typeof own?.value === "function" && own.value.name !== "" && isInstance(value, own.value))
      return own.value.name;
    at = Object.getPrototypeOf(at);
  }
  return null;
}

function isInstance(value, Class) {
  try {
    return value instanceof Class;
  } catch {
    return false;
  }
}

/** "Name [tag] ", with "(size)" where there is one. */
function prefix(name, tag, fallback, size = undefined) {
  const count = size === undefined ? "" : `(${size})`;
  if (name === null) {
    const shown =
      tag && tag !== fallback
        ? `[${fallback}${count}: null prototype] [${tag}] `
        : `[${fallback}${count}: null prototype] `;
    return shown;
  }
  return tag && tag !== name ? `${name}${count} [${tag}] ` : `${name}${count} `;
}

function keysOf(ctx, value) {
  const symbols = Object.getOwnPropertySymbols(value);
  if (ctx.showHidden) return [...Object.getOwnPropertyNames(value), ...symbols];
  return [
    ...Object.keys(value),
    ...symbols.filter((key) => Object.prototype.propertyIsEnumerable.call(value, key)),
  ];
}

function formatObject(ctx, value, depth, typed) {
  const name = constructorName(value);
  let tag = value[Symbol.toStringTag];
  if (
    typeof tag !== "string" ||
    tag === "" ||
    (ctx.showHidden ? Object.hasOwn : isOwnVisible)(value, Symbol.toStringTag)
  ) {
    tag = "";
  }
  const shape = shapeOf(ctx, value, name, tag, depth, typed);
  if (typeof shape === "string") return shape;
  if (depth > ctx.depth) {
    const label = prefix(name, tag, Array.isArray(value) ? "Array" : "Object").trim();
    return ctx.stylize(`[${label.replace(/^\[(.*)\]$/, "$1")}]`, "special");
  }
  ctx.seen.push(value);
  ctx.currentDepth = depth;
  let output = [];
  try {
    output = shape.entries?.(depth + 1) ?? [];
    for (const key of shape.keys)
      output.push(formatProperty(ctx, value, depth + 1, key, shape.kind));
  } finally {
    ctx.seen.pop();
  }
  let base = shape.base ?? "";
  const [open, close] = shape.braces;
  let head = open;
  const reference = ctx.circular?.get(value);
  if (reference !== undefined) {
    const mark = ctx.stylize(`<ref *${reference}>`, "special");
    if (ctx.compact !== true) base = base === "" ? mark : `${mark} ${base}`;
    else head = `${mark} ${head}`;
  }
  if (ctx.sorted && shape.kind !== "array") {
    output.sort(typeof ctx.sorted === "function" ? ctx.sorted : undefined);
  }
  return arrange(ctx, output, base, [head, close], shape.kind, depth, value);
}

function isOwnVisible(value, key) {
  return Object.hasOwn(value, key) && Object.prototype.propertyIsEnumerable.call(value, key);
}

/** How a kind of object is shown: a finished text, or braces, entries and keys. */
function shapeOf(ctx, value, name, tag, depth, typed) {
  const keys = keysOf(ctx, value);
  const plainBraces = (label) => ({ braces: [`${label}{`, "}"], keys, kind: "object" });
  if (Array.isArray(value)) {
    const label = name !== "Array" || tag ? prefix(name, tag, "Array", value.length) : "";
    if (value.length === 0 && keys.length === 0) return `${label}[]`;
    return {
      braces: [`${label}[`, "]"],
      keys: keys.filter((key) => typeof key === "symbol" || !isIndex(key)),
      kind: "array",
      entries: (next) => arrayEntries(ctx, value, next),
    };
  }
  if (types.isTypedArray(value)) {
    const fallback = value[Symbol.toStringTag];
    return {
      braces: [`${prefix(name, tag === name ? "" : tag, fallback, value.length)}[`, "]"],
      keys: keys.filter((key) => typeof key === "symbol" || !isIndex(key)),
      kind: "array",
      entries: () => typedEntries(ctx, value),
    };
  }
  if (types.isSet(value)) {
    if (setSize(value) === 0 && keys.length === 0)
      return `${prefix(name, tag === "Set" ? "" : tag, "Set", 0)}{}`;
    return {
      ...plainBraces(prefix(name, tag === "Set" ? "" : tag, "Set", setSize(value))),
      entries: (next) =>
        indented(ctx, () =>
          limited(ctx, [...Set.prototype.values.call(value)], (item) =>
            formatValue(ctx, item, next),
          ),
        ),
    };
  }
  if (types.isMap(value)) {
    if (mapSize(value) === 0 && keys.length === 0)
      return `${prefix(name, tag === "Map" ? "" : tag, "Map", 0)}{}`;
    return {
      ...plainBraces(prefix(name, tag === "Map" ? "" : tag, "Map", mapSize(value))),
      entries: (next) =>
        indented(ctx, () =>
          limited(
            ctx,
            [...Map.prototype.entries.call(value)],
            ([key, item]) => `${formatValue(ctx, key, next)} => ${formatValue(ctx, item, next)}`,
          ),
        ),
    };
  }
  if (typeof value === "function") {
    const base = functionBase(value, name, tag);
    if (keys.length === 0) return ctx.stylize(base, "special");
    return { ...plainBraces(""), base: ctx.stylize(base, "special") };
  }
  if (types.isRegExp(value))
    return withKeys(ctx, keys, RegExp.prototype.toString.call(value), "regexp", plainBraces);
  if (types.isDate(value)) {
    const text = Number.isNaN(Date.prototype.getTime.call(value))
      ? "Invalid Date"
      : Date.prototype.toISOString.call(value);
    return withKeys(ctx, keys, text, "date", plainBraces);
  }
  if (types.isNativeError(value) || value instanceof Error)
    return errorShape(ctx, value, keys, plainBraces);
  if (types.isAnyArrayBuffer(value)) {
    return {
      ...plainBraces(prefix(name, tag === name ? "" : tag, "ArrayBuffer")),
      entries: () => bufferEntries(ctx, value),
    };
  }
  if (types.isDataView(value)) {
    return {
      ...plainBraces(prefix(name, tag === name ? "" : tag, "DataView")),
      entries: (next) =>
        ["byteLength", "byteOffset", "buffer"].map((key) =>
          formatEntry(ctx, key, () => formatValue(ctx, value[key], next)),
        ),
    };
  }
  if (native.isPromise(value)) {
    return {
      ...plainBraces(prefix(name, tag === "Promise" ? "" : tag, "Promise")),
      entries(next) {
        const [state, result] = native.promiseState(value);
        if (state === 0) return [ctx.stylize("<pending>", "special")];
        const shown = indented(ctx, () => formatValue(ctx, result, next));
        return [state === 2 ? `${ctx.stylize("<rejected>", "special")} ${shown}` : shown];
      },
    };
  }
  if (value instanceof WeakSet || value instanceof WeakMap) {
    return {
      ...plainBraces(prefix(name, tag === name ? "" : tag, "WeakSet")),
      entries: () => [ctx.stylize("<items unknown>", "special")],
    };
  }
  if (types.isBoxedPrimitive(value)) return boxedShape(ctx, value, name, keys, plainBraces);
  if (types.isMapIterator?.(value) || types.isSetIterator?.(value)) {
    return { ...plainBraces(`[${tag}] `), entries: () => [] };
  }
  if (types.isArgumentsObject(value)) {
    return {
      braces: ["[Arguments] [", "]"],
      keys: [],
      kind: "array",
      entries: (next) => arrayEntries(ctx, Array.from(value), next),
    };
  }
  const label = name === "Object" && !tag ? "" : prefix(name, tag, "Object");
  if (keys.length === 0 && !typed) return `${label}{}`;
  return plainBraces(label);
}

function setSize(value) {
  return Object.getOwnPropertyDescriptor(Set.prototype, "size").get.call(value);
}

function mapSize(value) {
  return Object.getOwnPropertyDescriptor(Map.prototype, "size").get.call(value);
}

function isIndex(key) {
  return /^(0|[1-9]\d{0,9})$/.test(key) && Number(key) < 4294967295;
}

function withKeys(ctx, keys, text, style, plainBraces) {
  if (keys.length === 0) return ctx.stylize(text, style);
  return { ...plainBraces(""), base: ctx.stylize(text, style) };
}

function functionBase(value, name, tag) {
  const source = Function.prototype.toString.call(value);
  if (source.startsWith("class") && source.endsWith("}")) {
    const parent = Object.getPrototypeOf(value)?.name;
    const own =
      Object.hasOwn(value, "name") && value.name ? `[class ${value.name}` : "[class (anonymous)";
    const extended = parent
      ? ` extends ${parent}`
      : Object.getPrototypeOf(value) === null
        ? " extends null"
        : "";
    return `${own}${extended}]`;
  }
  const kind = Object.prototype.toString.call(value).slice(8, -1);
  let base = `[${kind}`;
  if (name === null) base += " (null prototype)";
  base += value.name === "" ? " (anonymous)" : `: ${value.name}`;
  base += "]";
  if (name !== kind && name !== null && name !== "Function") base += ` ${name}`;
  if (tag && tag !== kind && tag !== name) base += ` [${tag}]`;
  return base;
}

function errorShape(ctx, error, keys, plainBraces) {
  const shown = keys.filter(
    (key) =>
      !(
        ["name", "message", "stack"].includes(key) && String(error.stack ?? "").includes(error[key])
      ),
  );
  if ("cause" in error && Object.hasOwn(error, "cause") && !shown.includes("cause"))
    shown.push("cause");
  if (Array.isArray(error.errors) && Object.hasOwn(error, "errors") && !shown.includes("errors"))
    shown.push("errors");
  let text = errorText(error);
  if (ctx.indentation !== 0) text = text.replaceAll("\n", `\n${" ".repeat(ctx.indentation)}`);
  if (shown.length === 0) return text;
  return { ...plainBraces(""), keys: shown, base: text };
}

/** QuickJS leaves the first line out of the stack; Node has it there. */
function errorText(error) {
  const name = error.name === undefined ? "Error" : String(error.name);
  const code =
    typeof error.code === "string" && error.code.startsWith("ERR_") && !name.includes("[")
      ? ` [${error.code}]`
      : "";
  const message = String(error.message ?? "");
  const head = message === "" ? `${name}${code}` : `${name}${code}: ${message}`;
  const stack = typeof error.stack === "string" ? error.stack.replace(/\n+$/, "") : "";
  if (stack === "") return `[${head}]`;
  return /^\s+at /.test(stack) ? `${head}\n${stack}` : stack;
}

function boxedShape(ctx, value, name, keys, plainBraces) {
  const primitive = value.valueOf();
  const kind = types.isSymbolObject(value)
    ? "Symbol"
    : Object.prototype.toString.call(value).slice(8, -1);
  const inner = formatPrimitive({ ...ctx, stylize: plain, indentation: 0 }, primitive);
  const label = name === kind || name === null ? kind : `${kind} (${name})`;
  const base = ctx.stylize(`[${label}: ${inner}]`, typeof primitive);
  const own =
    typeof primitive === "string"
      ? keys.filter((key) => typeof key === "symbol" || !isIndex(key))
      : keys;
  return own.length === 0 ? base : { ...plainBraces(""), keys: own, base };
}

function more(count) {
  return `... ${count} more item${count > 1 ? "s" : ""}`;
}

function limited(ctx, items, show) {
  const max = Math.max(0, ctx.maxArrayLength);
  const output = items.slice(0, max).map(show);
  if (items.length > max) output.push(more(items.length - max));
  return output;
}

function indented(ctx, work) {
  ctx.indentation += 2;
  try {
    return work();
  } finally {
    ctx.indentation -= 2;
  }
}

function arrayEntries(ctx, value, depth) {
  const output = [];
  const max = Math.min(Math.max(0, ctx.maxArrayLength), value.length);
  let at = 0;
  while (at < value.length && output.length < max) {
    if (Object.hasOwn(value, at)) {
      output.push(formatProperty(ctx, value, depth, String(at), "array-item"));
      at++;
      continue;
    }
    const start = at;
    while (at < value.length && !Object.hasOwn(value, at)) at++;
    const holes = at - start;
    output.push(ctx.stylize(`<${holes} empty item${holes > 1 ? "s" : ""}>`, "undefined"));
  }
  if (at < value.length) output.push(more(value.length - at));
  return output;
}

function typedEntries(ctx, value) {
  const max = Math.min(Math.max(0, ctx.maxArrayLength), value.length);
  const output = [];
  for (let i = 0; i < max; i++) output.push(formatPrimitive(ctx, value[i]));
  if (value.length > max) output.push(more(value.length - max));
  return output;
}

function bufferEntries(ctx, value) {
  const bytes = new Uint8Array(
    value,
    0,
    Math.min(Math.max(0, ctx.maxArrayLength, 50), value.byteLength),
  );
  const shown = [...bytes.subarray(0, 50)]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join(" ");
  const rest = value.byteLength - 50;
  const tail = rest > 0 ? ` ... ${rest} more byte${rest > 1 ? "s" : ""}` : "";
  return [
    `${ctx.stylize("[Uint8Contents]", "special")}: <${shown}${tail}>`,
    `byteLength: ${ctx.stylize(String(value.byteLength), "number")}`,
  ];
}

function formatEntry(ctx, key, show) {
  return `${key}: ${indented(ctx, show)}`;
}

function formatProperty(ctx, value, depth, key, kind) {
  const own = Object.getOwnPropertyDescriptor(value, key) ?? {
    value: value[key],
    enumerable: true,
  };
  let text;
  if (own.value !== undefined || (!own.get && !own.set)) {
    const step = kind === "array-item" || ctx.compact !== true ? 2 : 3;
    ctx.indentation += step;
    text = formatValue(ctx, own.value, depth);
    ctx.indentation -= step;
  } else if (own.get) {
    text = ctx.stylize(own.set ? "[Getter/Setter]" : "[Getter]", "special");
    if (ctx.getters) {
      try {
        text = `${text.slice(0, -1)}: ${formatValue(ctx, value[key], depth)}]`;
      } catch (error) {
        text = `[Getter: <Inspection threw (${error.message})>]`;
      }
    }
  } else text = ctx.stylize("[Setter]", "special");
  if (kind === "array-item") return text;
  let shown;
  if (typeof key === "symbol") shown = `[${ctx.stylize(key.toString(), "symbol")}]`;
  else if (key === "__proto__") shown = "['__proto__']";
  else if (!own.enumerable) shown = `[${key}]`;
  else if (/^[a-zA-Z_][a-zA-Z_0-9]*$/.test(key)) shown = ctx.stylize(key, "name");
  else shown = ctx.stylize(quote(key), "string");
  return `${shown}: ${text}`;
}

/** Puts entries on one line where they fit, else one per line. */
function arrange(ctx, entries, base, [open, close], kind, depth, value) {
  let output = entries;
  const lead = base ? `${base} ` : "";
  if (output.length === 0) return `${lead}${open}${close}`;
  if (ctx.compact !== true) {
    if (typeof ctx.compact === "number" && ctx.compact >= 1) {
      const count = output.length;
      if (kind === "array" && count > 6) {
        const hasMore = ctx.maxArrayLength < value.length;
        const numeric = Array.from(value).every(
          (item) => typeof item === "number" || typeof item === "bigint",
        );
        output = columns(output, ctx, hasMore, numeric);
      }
      if (ctx.currentDepth - depth < ctx.compact && count === output.length) {
        const start = output.length + ctx.indentation + open.length + base.length + 10;
        if (fits(ctx, output, start, base)) {
          const line = output.join(", ");
          if (!line.includes("\n")) return `${lead}${open} ${line} ${close}`;
        }
      }
    }
    const indentation = `\n${" ".repeat(ctx.indentation)}`;
    return `${lead}${open}${indentation}  ${output.join(`,${indentation}  `)}${indentation}${close}`;
  }
  if (fits(ctx, output, 0, base))
    return `${open}${lead ? ` ${lead}` : ""} ${output.join(", ")} ${close}`;
  const indentation = " ".repeat(ctx.indentation);
  return `${lead}${open} ${output.join(`,\n${indentation}  `)} ${close}`;
}

function fits(ctx, output, start, base) {
  let total = output.length + start;
  if (total + output.length > ctx.breakLength) return false;
  for (const entry of output) {
    total += entry.length;
    if (total > ctx.breakLength) return false;
  }
  return base === "" || !base.includes("\n");
}
