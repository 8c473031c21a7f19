/** The `channel.media` branch: files that came with messages. */
import { randomUUID } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { basename, extname, join, normalize, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { fetchWithSsrFGuard } from "ocg:runtime/guarded-fetch";
import { detectMime, extensionForMime, mediaKindFromMime } from "ocg:runtime/mime";
import { readPrefix } from "ocg:runtime/response-body";
import { readRegularFile, resolveLocalPathFromRootsSync } from "ocg:runtime/safe-files";
import { resolveStateDir } from "ocg:runtime/state-dir";

const DEFAULT_MAX_BYTES = 5 * 1024 * 1024;
const DEFAULT_REMOTE_BYTES = 100 * 1024 * 1024;
const REMOTE_TIMEOUT_MS = 120_000;

/**
 * Saves a file under `<state>/media/<subdir>` with a name that nobody can guess.
 *
 * @param {Uint8Array} buffer
 * @param {string | undefined} contentType
 * @param {string} [subdir]
 * @param {number} [maxBytes]
 * @param {string} [originalName]
 */
export async function saveMediaBuffer(
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

/**
 * Loads a file from the web.
 *
 * @param {{ url: string, maxBytes?: number, filePathHint?: string, requestInit?: RequestInit,
 *   ssrfPolicy?: object, timeoutMs?: number }} params
 * @returns {Promise<{ buffer: Buffer, contentType: string, fileName?: string }>}
 */
export async function readRemoteMediaBuffer(params) {
  const { url, maxBytes = DEFAULT_REMOTE_BYTES, filePathHint } = params;
  const { response, finalUrl, release } = await fetchWithSsrFGuard({
    url,
    init: params.requestInit,
    policy: params.ssrfPolicy,
    timeoutMs: params.timeoutMs ?? REMOTE_TIMEOUT_MS,
  });
  try {
    if (!response.ok) throw new Error(`cannot fetch media: HTTP ${response.status}`);
    const { bytes, truncated } = await readPrefix(response, maxBytes);
    if (truncated) throw new Error(`media has more than ${maxBytes} bytes`);
    const fileName = fileNameOf(response, filePathHint ?? finalUrl);
    const declared = response.headers.get("content-type") ?? undefined;
    return { buffer: bytes, contentType: detectMime(bytes, declared, fileName), fileName };
  } finally {
    await release();
  }
}

function fileNameOf(response, hint) {
  const disposition = response.headers.get("content-disposition") ?? "";
  const encoded = /filename\*\s*=\s*utf-8''([^;]+)/i.exec(disposition)?.[1];
  const plain = /filename\s*=\s*"?([^";]+)"?/i.exec(disposition)?.[1];
  try {
    const name = encoded
      ? decodeURIComponent(encoded)
      : (plain ?? decodeURIComponent(new URL(hint, "file:///").pathname));
    return basename(name) || undefined;
  } catch {
    return undefined;
  }
}

/** Loads a file from the web and saves it. */
export async function saveRemoteMedia(params) {
  const { buffer, contentType, fileName } = await readRemoteMediaBuffer(params);
  const name = params.originalFilename ?? params.originalName ?? fileName;
  return saveMediaBuffer(
    buffer,
    contentType,
    params.subdir,
    params.maxBytes ?? DEFAULT_REMOTE_BYTES,
    name,
  );
}

/**
 * Loads a file by URL or path. Where roots are given, a path must be below one of them.
 *
 * @param {string} mediaUrl
 * @param {number | { maxBytes?: number, localRoots?: string[] | "any",
 *   readFile?: (path: string) => Promise<Uint8Array> }} [options]
 */
export async function loadWebMedia(mediaUrl, options = {}) {
  const { maxBytes, localRoots, readFile } =
    typeof options === "number" ? { maxBytes: options } : options;
  const source = mediaUrl.trim().replace(/^MEDIA:/i, "");
  const loaded = /^https?:/i.test(source)
    ? await readRemoteMediaBuffer({ url: source, maxBytes })
    : await readLocalMedia(source, { maxBytes, localRoots, readFile });
  return { ...loaded, kind: mediaKindFromMime(loaded.contentType) };
}

async function readLocalMedia(source, { maxBytes, localRoots, readFile }) {
  const path = source.startsWith("file:") ? fileURLToPath(source) : source;
  let buffer;
  if (readFile) {
    buffer = Buffer.from(await readFile(path));
  } else {
    const roots = Array.isArray(localRoots) ? localRoots : undefined;
    const allowed = roots ? resolveLocalPathFromRootsSync({ filePath: path, roots })?.path : path;
    if (!allowed) throw new Error(`local media path is not under an allowed directory: ${path}`);
    ({ buffer } = await readRegularFile({ filePath: allowed, maxBytes }));
  }
  if (maxBytes !== undefined && buffer.length > maxBytes) {
    throw new Error(`media has ${buffer.length} bytes, more than the limit of ${maxBytes}`);
  }
  const fileName = basename(path);
  return { buffer, contentType: detectMime(buffer, undefined, fileName), fileName };
}

/** The `channel.media` branch. */
export const media = {
  saveMediaBuffer,
  saveRemoteMedia,
  readRemoteMediaBuffer,
  fetchRemoteMedia: readRemoteMediaBuffer,
};

/** The `media` branch. */
export const mediaFiles = {
  loadWebMedia,
  mediaKindFromMime,
  detectMime: async ({ buffer, headerMime, filePath }) =>
    detectMime(buffer ?? new Uint8Array(), headerMime, filePath),
};
