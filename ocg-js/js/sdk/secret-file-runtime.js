/** Secrets in files of their own. */
import { readFileSync } from "node:fs";

const MAX_BYTES = 64 * 1024;

/**
 * The trimmed content of a secret's file; nothing if there is none. With a diagnostic, the answer
 * says which of the two it is.
 *
 * @param {string | undefined} path
 * @param {string} label
 * @param {Record<string, any>} [options]
 * @param {{ configPath: string }} [diagnostic]
 */
export function tryReadSecretFileSync(path, label, options = {}, diagnostic) {
  if (!path?.trim()) return diagnostic ? { status: "missing" } : undefined;
  const report = diagnostic ?? options.credentialDiagnostic;
  try {
    const value = readSecret(path, label, options.maxBytes ?? MAX_BYTES);
    return diagnostic ? { status: "available", value } : value;
  } catch (error) {
    const reason = error?.code ?? "unreadable";
    const said = { code: "CREDENTIAL_FILE_UNAVAILABLE", path: report?.configPath, reason };
    if (diagnostic) return { status: "configured_unavailable", diagnostic: said };
    options.credentialDiagnostic?.report(said);
    return undefined;
  }
}

function readSecret(path, label, maxBytes) {
  const value = readFileSync(path, "utf8");
  if (value.length > maxBytes) throw new Error(`${label} has more than ${maxBytes} bytes: ${path}`);
  if (!value.trim()) throw new Error(`${label} is empty: ${path}`);
  return value.trim();
}
