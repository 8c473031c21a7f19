/** Values of unknown type as strings, booleans and records. */

/** The boolean, or undefined for anything else. */
export function asBoolean(value) {
  return typeof value === "boolean" ? value : undefined;
}

/** A trimmed, non-empty string, or undefined. */
export function normalizeOptionalString(value) {
  return typeof value === "string" ? value.trim() || undefined : undefined;
}

/** A trimmed string in lower case; "" for anything else. */
export function normalizeLowercaseStringOrEmpty(value) {
  return normalizeOptionalString(value)?.toLowerCase() ?? "";
}

/** The entries as trimmed strings, without the empty ones. */
export function normalizeStringEntries(entries) {
  return (entries ?? []).map((entry) => String(entry).trim()).filter(Boolean);
}

/** The values without repetitions, in order. */
export function uniqueStrings(values) {
  return [...new Set(values)];
}

/** Whether the value is an object with named fields. */
export function isRecord(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
