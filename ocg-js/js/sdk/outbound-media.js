/** Files that replies carry. */
import { loadWebMedia } from "ocg:runtime/media";

/**
 * Loads a file by URL or path. Paths must be below the roots that the caller is given, or go
 * through its reader.
 *
 * @param {string} mediaUrl
 * @param {{ maxBytes?: number, mediaAccess?: { localRoots?: string[], readFile?: Function },
 *   mediaLocalRoots?: string[], mediaReadFile?: (path: string) => Promise<Uint8Array> }} [options]
 */
export function loadOutboundMediaFromUrl(mediaUrl, options = {}) {
  const { maxBytes, mediaAccess } = options;
  return loadWebMedia(mediaUrl, {
    maxBytes,
    localRoots: options.mediaLocalRoots ?? mediaAccess?.localRoots,
    readFile: options.mediaReadFile ?? mediaAccess?.readFile,
  });
}
