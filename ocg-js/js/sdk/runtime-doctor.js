/** Checks of stored state. */
import { isRecord } from "openclaw/plugin-sdk/string-coerce-runtime";

/** The value if it is an object with named fields, else null. */
export function asObjectRecord(value) {
  return isRecord(value) ? value : null;
}
