/** The `channel.media` branch: files that came with messages. */
import { randomUUID } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { extname, join, normalize, sep } from "node:path";
import { detectMime, extensionForMime } from "ocg:runtime/mime";
import { resolveStateDir } from "ocg:runtime/state-dir";

const DEFAULT_MAX_BYTES = 5 * 1024 * 1024;

/**
 * Saves a file under `<state>/media/<subdir>` with a name that nobody can guess.
 *
 * @param {Uint8Array} buffer
 * @param {string | undefined} contentType
 * @param {string} [subdir]
 * @param {number} [maxBytes]
 * @param {string} [originalName]
 */
async function saveMediaBuffer(
  buffer,
  contentType,
  subdir = "inbound",
  maxBytes = DEFAULT_MAX_BYTES,
  originalName,
) {
  if (buffer.length > maxBytes) {
    throw new Error(`media has ${buffer.length} bytes, more than the limit of ${maxBytes}`);
  }
  const mime = detectMime(buffer, contentType, originalName);
  const dir = join(resolveStateDir(), "media", containedPath(subdir));
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const id = `${namePrefix(originalName)}${randomUUID()}${extensionForMime(mime) ?? ""}`;
  const path = join(dir, id);
  await writeFile(path, buffer, { mode: 0o600 });
  return { id, path, size: buffer.length, contentType: mime };
}

function containedPath(subdir) {
  const path = normalize(subdir);
  if (path.startsWith("..") || path.startsWith(sep)) {
    throw new Error(`media folder ${subdir} is outside the media store`);
  }
  return path;
}

function namePrefix(originalName) {
  if (!originalName) return "";
  const stem = originalName.slice(0, originalName.length - extname(originalName).length);
  const safe = stem.replace(/[^\p{L}\p{N}._-]+/gu, "_").slice(0, 60);
  return safe ? `${safe}---` : "";
}

export const media = { saveMediaBuffer };
