/** MIME types and file name extensions. */
import { extname } from "node:path";
import { extensionForMime as extensionOf, mimeForExtension } from "ocg:runtime/mime";

/** The extension of a MIME type, with its dot. */
export function extensionForMime(mime) {
  const type = mime?.split(";")[0].trim().toLowerCase();
  return type ? extensionOf(type) : undefined;
}

/** The extension of a path or a URL, with its dot, in lower case. */
export function getFileExtension(path) {
  if (!path) return undefined;
  const name = /^https?:\/\//i.test(path) && URL.canParse(path) ? urlFileName(path) : path;
  return extname(name.replaceAll("\\", "/")).toLowerCase() || undefined;
}

function urlFileName(url) {
  const name = new URL(url).pathname.split("/").at(-1);
  try {
    return decodeURIComponent(name.replace(/%2f|%5c/gi, "_"));
  } catch {
    return name;
  }
}

/** The MIME type that a file name says. */
export function mimeTypeFromFilePath(path) {
  const extension = getFileExtension(path);
  return extension ? mimeForExtension(extension) : undefined;
}
