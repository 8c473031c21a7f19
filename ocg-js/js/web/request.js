/** Request (Fetch standard). */
import { Body, extract } from "ocg:web/body";
import { Headers } from "ocg:web/headers";
import { AbortSignal } from "ocg:web/abort";
import { URL } from "ocg:web/url";

/** Methods that are written in upper case whatever the caller wrote. */
const NORMALIZED = new Set(["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"]);
const FORBIDDEN = new Set(["CONNECT", "TRACE", "TRACK"]);

function methodOf(method) {
  const upper = String(method).toUpperCase();
  if (FORBIDDEN.has(upper)) throw new TypeError(`'${method}' HTTP method is unsupported.`);
  return NORMALIZED.has(upper) ? upper : String(method);
}

function parsed(url) {
  try {
    return new URL(url);
  } catch (cause) {
    throw new TypeError(`Failed to parse URL from ${url}`, { cause });
  }
}

export class Request extends Body {
  #url;

  constructor(input, init = {}) {
    const from = input instanceof Request ? input : undefined;
    const url = from ? from.#url : parsed(input instanceof URL ? input.href : String(input));
    const method = methodOf(init.method ?? from?.method ?? "GET");
    const hasBody = init.body != null;
    if (hasBody && (method === "GET" || method === "HEAD")) {
      throw new TypeError("Request with GET/HEAD method cannot have body.");
    }
    let content = {};
    if (hasBody) content = extract(init.body);
    else if (from && init.body === undefined) content = Body.divide(from);
    super(content);
    this.#url = url;
    this.method = method;
    this.headers = new Headers(init.headers ?? from?.headers);
    if (content.type && !this.headers.has("content-type")) {
      this.headers.set("content-type", content.type);
    }
    const signal = init.signal === undefined ? from?.signal : init.signal;
    if (signal != null && !(signal instanceof AbortSignal)) {
      throw new TypeError("Request: signal is not an AbortSignal");
    }
    this.signal = signal ?? null;
    this.redirect = init.redirect ?? from?.redirect ?? "follow";
    this.cache = init.cache ?? from?.cache ?? "default";
    this.credentials = init.credentials ?? from?.credentials ?? "same-origin";
    this.mode = init.mode ?? from?.mode ?? "cors";
    this.referrer = "about:client";
    this.referrerPolicy = init.referrerPolicy ?? from?.referrerPolicy ?? "";
    this.integrity = init.integrity ?? from?.integrity ?? "";
    this.keepalive = Boolean(init.keepalive ?? from?.keepalive);
    this.duplex = "half";
    this.destination = "";
  }

  get url() {
    return this.#url.href;
  }

  clone() {
    return new Request(this);
  }

  get [Symbol.toStringTag]() {
    return "Request";
  }
}
