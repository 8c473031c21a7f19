// The legacy url.parse, url.format and url.resolve of node:url.

import * as querystring from "node:querystring";
import { invalidArgType, nodeError } from "node:internal/errors";
import { URL } from "ocg:web/url";

const SLASHED = new Set(["http:", "https:", "ftp:", "gopher:", "file:", "ws:", "wss:"]);

export class Url {
  protocol = null;
  slashes = null;
  auth = null;
  host = null;
  port = null;
  hostname = null;
  hash = null;
  search = null;
  query = null;
  pathname = null;
  path = null;
  href = null;

  parse(text, parseQuery, slashesDenoteHost) {
    Object.assign(this, parse(text, parseQuery, slashesDenoteHost));
    return this;
  }

  format() {
    return format(this);
  }

  resolve(relative) {
    return resolve(format(this), relative);
  }

  resolveObject(relative) {
    return parse(this.resolve(relative), false, true);
  }
}

export function parse(text, parseQuery = false, slashesDenoteHost = false) {
  if (text instanceof Url) return text;
  if (typeof text !== "string") throw invalidArgType("url", "of type string", text);
  const url = new Url();
  let rest = text.trim().replace(/^[^?#]*/, (head) => head.replaceAll("\\", "/"));
  const scheme = /^([a-z][a-z0-9.+-]*:)/i.exec(rest);
  if (scheme) {
    url.protocol = scheme[1].toLowerCase();
    rest = rest.slice(scheme[1].length);
  }
  const hasHost = rest.startsWith("//") && (url.protocol !== null || slashesDenoteHost);
  // "mailto:user@host": what is no path in a scheme without slashes is an authority.
  const bare = url.protocol !== null && !SLASHED.has(url.protocol) && !rest.startsWith("/");
  if ((hasHost || bare) && url.protocol !== "javascript:") {
    if (hasHost) {
      url.slashes = true;
      rest = rest.slice(2);
    }
    const end = rest.search(/[/?#]/);
    let authority = end < 0 ? rest : rest.slice(0, end);
    rest = end < 0 ? "" : rest.slice(end);
    const at = authority.lastIndexOf("@");
    if (at >= 0) {
      url.auth = decodeURIComponent(authority.slice(0, at));
      authority = authority.slice(at + 1);
    }
    const port = /:(\d*)$/.exec(authority);
    if (port) {
      if (port[1] !== "") url.port = port[1];
      authority = authority.slice(0, port.index);
    }
    const bracketed = /^\[(.*)\]$/.exec(authority);
    url.hostname = (bracketed ? bracketed[1] : authority).toLowerCase();
    if (/[\s<>"`{}|\\^]/.test(url.hostname))
      throw nodeError(TypeError, "ERR_INVALID_URL", "Invalid URL");
    if (/[^\0-\x7f]/.test(url.hostname)) url.hostname = new URL(`http://${url.hostname}`).hostname;
    const host = bracketed ? `[${url.hostname}]` : url.hostname;
    url.host = url.port ? `${host}:${url.port}` : host;
  }
  rest = rest.replace(/[\s<>"`{}|\\^']/g, (char) => encodeURIComponent(char).replace("'", "%27"));
  const hash = rest.indexOf("#");
  if (hash >= 0) {
    url.hash = rest.slice(hash);
    rest = rest.slice(0, hash);
  }
  const query = rest.indexOf("?");
  if (query >= 0) {
    url.search = rest.slice(query);
    url.query = rest.slice(query + 1);
    rest = rest.slice(0, query);
  }
  if (parseQuery) {
    url.search ??= "";
    url.query = querystring.parse(url.query ?? "");
  }
  if (rest !== "") url.pathname = rest;
  if (SLASHED.has(url.protocol) && url.hostname && !url.pathname) url.pathname = "/";
  if (url.pathname || url.search) url.path = (url.pathname ?? "") + (url.search ?? "");
  url.href = format(url);
  return url;
}

export function format(input, options = undefined) {
  if (typeof input === "string") return format(parse(input));
  if (input instanceof URL) return formatWhatwg(input, options);
  if (input === null || typeof input !== "object") {
    throw invalidArgType("urlObject", "one of type object or string", input);
  }
  let protocol = input.protocol ?? "";
  if (protocol && !protocol.endsWith(":")) protocol += ":";
  const auth = input.auth ? `${encodeURIComponent(input.auth).replace(/%3A/i, ":")}@` : "";
  let host = false;
  if (input.host) host = auth + input.host;
  else if (input.hostname) {
    const name =
      input.hostname.includes(":") && !input.hostname.startsWith("[")
        ? `[${input.hostname}]`
        : input.hostname;
    host = auth + name + (input.port ? `:${input.port}` : "");
  }
  let query = "";
  if (input.query !== null && typeof input.query === "object")
    query = querystring.stringify(input.query);
  let search = input.search || (query && `?${query}`) || "";
  if (search && !search.startsWith("?")) search = `?${search}`;
  let hash = input.hash || "";
  if (hash && !hash.startsWith("#")) hash = `#${hash}`;
  let pathname = (input.pathname || "").replace(/[?#]/g, encodeURIComponent);
  if (input.slashes || (SLASHED.has(protocol) && host !== false)) {
    host = `//${host || ""}`;
    if (pathname && !pathname.startsWith("/")) pathname = `/${pathname}`;
  } else host ||= "";
  return protocol + host + pathname + search.replaceAll("#", "%23") + hash;
}

function formatWhatwg(url, options = {}) {
  const copy = new URL(url.href);
  if (options.fragment === false) copy.hash = "";
  if (options.search === false) copy.search = "";
  if (options.auth === false) {
    copy.username = "";
    copy.password = "";
  }
  return copy.href;
}

export function resolve(from, to) {
  if (URL.canParse(from)) return new URL(to, from).href;
  // A base without a scheme: a borrowed one is taken away again.
  const base = new URL(from, "resolve://host/");
  const target = new URL(to, base);
  if (target.protocol !== "resolve:") return target.href;
  if (target.host !== "host")
    return `//${target.host}${target.pathname}${target.search}${target.hash}`;
  const path = target.pathname + target.search + target.hash;
  return from.startsWith("/") || to.startsWith("/") ? path : path.slice(1);
}

export function resolveObject(from, to) {
  return parse(resolve(from, to), false, true);
}
