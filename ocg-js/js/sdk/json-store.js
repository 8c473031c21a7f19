/** JSON files. */
import { readFileSync } from "node:fs";

/** The file's content; undefined where there is none or it is damaged. */
export function loadJsonFile(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}
