/** JSON files. */
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";

/** The file's content; undefined where there is none or it is damaged. */
export function loadJsonFile(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

/** A JSON file, or what stands in for it. */
export async function readJsonFileWithFallback(path, fallback) {
  try {
    return { value: JSON.parse(await readFile(path, "utf8")), exists: true };
  } catch (error) {
    return { value: fallback, exists: error?.code !== "ENOENT" };
  }
}
