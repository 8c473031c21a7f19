/** Errors in words, with nothing secret in them. */

/** What looks like a credential: its beginning is kept, so that people know which one it was. */
const SECRETS = [
  // Telegram: bot id and token.
  /\b\d{6,}:[A-Za-z0-9_-]{20,}/g,
  /\b(?:sk|pk|xox[abprs]|gh[pousr])[-_][A-Za-z0-9_-]{12,}/g,
  /(?<=\bBearer\s+)[A-Za-z0-9._~+/=-]{12,}/gi,
  /(?<=\b(?:token|secret|password|api[_-]?key)["']?\s*[:=]\s*["']?)[^\s"'&]{8,}/gi,
];

/** @param {string} text */
export function redactSensitiveText(text) {
  if (typeof text !== "string") return text;
  return SECRETS.reduce((shown, secret) => shown.replace(secret, masked), text);
}

function masked(secret) {
  return `${secret.slice(0, 4)}…`;
}

/** An error and its causes in one line. @param {unknown} error */
export function formatErrorMessage(error) {
  const parts = [];
  for (let at = error; at != null && parts.length < 8; at = at instanceof Error ? at.cause : null) {
    const part = words(at);
    if (part && !parts.includes(part)) parts.push(part);
  }
  return redactSensitiveText(parts.join(" | ") || "unknown error");
}

function words(error) {
  if (error instanceof Error) return error.message || error.name;
  if (typeof error === "string") return error;
  if (typeof error?.message === "string" && error.message) return error.message;
  try {
    return JSON.stringify(error) ?? String(error);
  } catch {
    return Object.prototype.toString.call(error);
  }
}

/** An error that nobody caught: with its stack. */
export function formatUncaughtError(error) {
  if (!(error instanceof Error)) return formatErrorMessage(error);
  return redactSensitiveText(error.stack || error.message || error.name);
}
