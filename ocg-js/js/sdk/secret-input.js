/** Secrets in a configuration: a string, or a reference to one (plugin contract §6.1). */
import { isRecord, normalizeOptionalString } from "openclaw/plugin-sdk/string-coerce-runtime";
import { schema } from "ocg:runtime/zod-schema";

const SOURCES = new Set(["env", "file", "exec"]);
const ENV_TEMPLATE = /^\$\{([A-Z][A-Z0-9_]{0,127})\}$/;

/** The secret itself as a trimmed string; undefined for references and empty strings. */
export function normalizeSecretInputString(value) {
  return normalizeOptionalString(value);
}

/**
 * The reference that a value is, or null: an object with source, provider and id, or `${NAME}`.
 *
 * @param {unknown} value
 * @param {Record<string, string>} [defaults] the provider of each source that is not named
 */
export function coerceSecretRef(value, defaults) {
  if (isRecord(value) && SOURCES.has(value.source) && text(value.id)) {
    if (text(value.provider)) return Object.keys(value).length === 3 ? value : null;
    if (value.provider !== undefined) return null;
    const { source, id } = value;
    return { source, provider: defaults?.[source] ?? "default", id };
  }
  const name = typeof value === "string" ? ENV_TEMPLATE.exec(value.trim())?.[1] : undefined;
  return name ? { source: "env", provider: defaults?.env ?? "default", id: name } : null;
}

function text(value) {
  return typeof value === "string" && value.trim().length > 0;
}

/** Whether there is a secret or a reference to one. */
export function hasConfiguredSecretInput(value, defaults) {
  return (
    normalizeSecretInputString(value) !== undefined || coerceSecretRef(value, defaults) !== null
  );
}

/**
 * The secret. A reference that was not resolved is an error: it must never be used as a credential.
 *
 * @param {{ value: unknown, refValue?: unknown, path: string, defaults?: object }} params
 */
export function normalizeResolvedSecretInputString({ value, refValue, path, defaults }) {
  const explicit = coerceSecretRef(refValue, defaults);
  const secret = normalizeSecretInputString(value);
  if (secret && !explicit) return secret;
  const reference = explicit ?? coerceSecretRef(value, defaults);
  if (!reference) return undefined;
  const { source, provider, id } = reference;
  throw new Error(
    `${path}: unresolved SecretRef "${source}:${provider}:${id}". Resolve this command against an active gateway runtime snapshot before reading it.`,
  );
}

/** The schema of such a value. */
export function buildSecretInputSchema() {
  return schema({
    check: (value) =>
      typeof value === "string" || coerceSecretRef(value) !== null ? null : "expected a secret",
    json: {
      anyOf: [
        { type: "string" },
        {
          type: "object",
          properties: {
            source: { type: "string", enum: [...SOURCES] },
            provider: { type: "string" },
            id: { type: "string" },
          },
          required: ["source", "provider", "id"],
          additionalProperties: false,
        },
      ],
    },
  });
}
