// node:url

import * as native from "ocg:native/url";
import { URL, URLSearchParams } from "ocg:web/url";
import * as path from "node:path";
import { invalidArgType, nodeError } from "node:internal/errors";
import { format, parse, resolve, resolveObject, Url } from "node:internal/url_legacy";

export function fileURLToPath(input) {
  let url = input;
  if (typeof input === "string") url = new URL(input);
  else if (!(input instanceof URL) && !(input?.href && input?.protocol)) {
    throw invalidArgType("path", "of type string or an instance of URL", input);
  }
  if (url.protocol !== "file:")
    throw nodeError(TypeError, "ERR_INVALID_URL_SCHEME", "The URL must be of scheme file");
  if (url.hostname !== "") {
    throw nodeError(
      TypeError,
      "ERR_INVALID_FILE_URL_HOST",
      `File URL host must be "localhost" or empty on ${globalThis.process?.platform ?? "linux"}`,
    );
  }
  if (/%2f/i.test(url.pathname)) {
    throw nodeError(
      TypeError,
      "ERR_INVALID_FILE_URL_PATH",
      "File URL path must not include encoded / characters",
    );
  }
  return decodeURIComponent(url.pathname);
}

const ESCAPES = {
  "%": "%25",
  "\\": "%5C",
  "\n": "%0A",
  "\r": "%0D",
  "\t": "%09",
  "?": "%3F",
  "#": "%23",
};

export function pathToFileURL(file) {
  if (typeof file !== "string") throw invalidArgType("path", "of type string", file);
  let resolved = path.resolve(file);
  if (file.endsWith("/") && resolved !== "/") resolved += "/";
  return new URL(`file://${resolved.replace(/[%\\\n\r\t?#]/g, (char) => ESCAPES[char])}`);
}

export function urlToHttpOptions(url) {
  const options = {
    protocol: url.protocol,
    hostname: url.hostname.startsWith("[") ? url.hostname.slice(1, -1) : url.hostname,
    hash: url.hash,
    search: url.search,
    pathname: url.pathname,
    path: `${url.pathname}${url.search}`,
    href: url.href,
  };
  if (url.port !== "") options.port = Number(url.port);
  if (url.username || url.password) {
    options.auth = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  }
  return options;
}

export function domainToASCII(domain) {
  return native.domainToASCII(String(domain));
}

export function domainToUnicode(domain) {
  return native.domainToUnicode(String(domain));
}

export { format, parse, resolve, resolveObject, Url, URL, URLSearchParams };

export default {
  Url,
  URL,
  URLSearchParams,
  parse,
  resolve,
  resolveObject,
  format,
  domainToASCII,
  domainToUnicode,
  fileURLToPath,
  pathToFileURL,
  urlToHttpOptions,
};
