// Makes JSON of what a script returned, the same way in Node and in OCG.
function show(value) {
  if (value === undefined) return "<undefined>";
  if (typeof value === "string" && !value.isWellFormed()) return `<ill-formed ${JSON.stringify(value).slice(1, -1)}>`;
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number") return Number.isFinite(value) && !Object.is(value, -0) ? value : `<${Object.is(value, -0) ? "-0" : value}>`;
  if (typeof value === "bigint") return `<${value}n>`;
  if (typeof value === "symbol" || typeof value === "function") return `<${typeof value}>`;
  if (value instanceof Uint8Array) return `<${value.constructor.name} ${Array.from(value, (byte) => byte.toString(16).padStart(2, "0")).join("")}>`;
  if (Array.isArray(value)) return value.map(show);
  if (value instanceof Error) return show({ name: value.name, code: value.code, message: value.message });
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, show(item)]));
}
