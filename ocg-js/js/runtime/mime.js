/** MIME types: by content where it speaks for itself, else by what is said of the file. */
import { extname } from "node:path";

/** @type {[string, string][]} MIME type and extension; the first extension of a type is its own. */
const TYPES = [
  ["image/jpeg", ".jpg"],
  ["image/jpeg", ".jpeg"],
  ["image/png", ".png"],
  ["image/gif", ".gif"],
  ["image/webp", ".webp"],
  ["image/bmp", ".bmp"],
  ["image/heic", ".heic"],
  ["image/svg+xml", ".svg"],
  ["audio/mpeg", ".mp3"],
  ["audio/ogg", ".ogg"],
  ["audio/wav", ".wav"],
  ["audio/silk", ".silk"],
  ["audio/amr", ".amr"],
  ["audio/mp4", ".m4a"],
  ["video/mp4", ".mp4"],
  ["video/quicktime", ".mov"],
  ["video/webm", ".webm"],
  ["application/pdf", ".pdf"],
  ["application/zip", ".zip"],
  ["application/gzip", ".gz"],
  ["application/json", ".json"],
  ["application/msword", ".doc"],
  ["application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"],
  ["application/vnd.ms-excel", ".xls"],
  ["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"],
  ["application/vnd.ms-powerpoint", ".ppt"],
  ["application/vnd.openxmlformats-officedocument.presentationml.presentation", ".pptx"],
  ["text/plain", ".txt"],
  ["text/markdown", ".md"],
  ["text/csv", ".csv"],
  ["text/html", ".html"],
];

const BY_EXTENSION = new Map(TYPES.map(([mime, extension]) => [extension, mime]));
const BY_MIME = new Map(TYPES.toReversed());

/** @type {[number, string, string][]} offset, bytes as latin1, MIME type */
const SIGNATURES = [
  [0, "\xff\xd8\xff", "image/jpeg"],
  [0, "\x89PNG\r\n", "image/png"],
  [0, "GIF8", "image/gif"],
  [8, "WEBP", "image/webp"],
  [8, "WAVE", "audio/wav"],
  [0, "BM", "image/bmp"],
  [0, "%PDF-", "application/pdf"],
  [0, "OggS", "audio/ogg"],
  [0, "ID3", "audio/mpeg"],
  [0, "#!AMR", "audio/amr"],
  [4, "ftyp", "video/mp4"],
];

/**
 * @param {Uint8Array} bytes
 * @param {string | undefined} declared
 * @param {string | undefined} name
 */
export function detectMime(bytes, declared, name) {
  const known = declared?.split(";")[0].trim().toLowerCase();
  if (known && known !== "application/octet-stream" && !known.endsWith("/*")) return known;
  return (
    sniff(bytes) ??
    BY_EXTENSION.get(extname(name ?? "").toLowerCase()) ??
    "application/octet-stream"
  );
}

/** @param {string} mime */
export function extensionForMime(mime) {
  return BY_MIME.get(mime);
}

function sniff(bytes) {
  const head = Buffer.from(bytes.subarray(0, 16)).toString("latin1");
  return SIGNATURES.find(([offset, magic]) => head.startsWith(magic, offset))?.[2];
}

/** The MIME type of an extension with its dot, in lower case. @param {string} extension */
export function mimeForExtension(extension) {
  return BY_EXTENSION.get(extension);
}

/**
 * The kind of media that a MIME type is.
 *
 * @param {string | undefined} mime
 * @returns {"image" | "audio" | "video" | "document" | undefined}
 */
export function mediaKindFromMime(mime) {
  const type = mime?.split("/")[0].trim().toLowerCase();
  if (!type) return undefined;
  return ["image", "audio", "video"].includes(type) ? type : "document";
}
