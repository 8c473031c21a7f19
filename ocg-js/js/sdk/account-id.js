/** Account ids: lower case, safe in file names, never empty. */

export const DEFAULT_ACCOUNT_ID = "default";

const VALID = /^[a-z0-9][a-z0-9_-]{0,63}$/;
const RESERVED = new Set(["__proto__", "constructor", "prototype"]);

/**
 * The canonical form of an account id, or undefined if nothing usable is left of it.
 *
 * @param {string | null | undefined} value
 * @returns {string | undefined}
 */
export function normalizeOptionalAccountId(value) {
  const id = (value ?? "").trim().toLowerCase();
  const canonical = VALID.test(id)
    ? id
    : id
        .replace(/[^a-z0-9_-]+/g, "-")
        .replace(/^-+|-+$/g, "")
        .slice(0, 64);
  return canonical && !RESERVED.has(canonical) ? canonical : undefined;
}

/**
 * The canonical form of an account id; "default" where there is none.
 *
 * @param {string | null | undefined} value
 * @returns {string}
 */
export function normalizeAccountId(value) {
  return normalizeOptionalAccountId(value) ?? DEFAULT_ACCOUNT_ID;
}
