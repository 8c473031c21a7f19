/** Response (Fetch standard). */
import { Body, extract } from "ocg:web/body";
import { Headers } from "ocg:web/headers";

/** Statuses that never have a body. */
const EMPTY = new Set([101, 103, 204, 205, 304]);
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** Marks content that is not made from a caller's value. */
const GIVEN = Symbol("given");

export class Response extends Body {
  constructor(body = null, init = {}) {
    if (body?.[GIVEN]) {
      super(body[GIVEN]);
      this.#set(init);
      return;
    }
    const { status = 200, statusText = "", headers } = init ?? {};
    if (!(status >= 200 && status <= 599)) {
      throw new RangeError(`init["status"] must be in the range of 200 to 599, not ${status}`);
    }
    if (body !== null && EMPTY.has(status)) {
      throw new TypeError(`Response with status ${status} cannot have a body`);
    }
    const content = extract(body);
    super(content);
    this.#set({ status, statusText: String(statusText), headers: new Headers(headers) });
    if (content.type && !this.headers.has("content-type")) {
      this.headers.set("content-type", content.type);
    }
  }

  #set({ status, statusText, headers, url = "", redirected = false, type = "default" }) {
    this.status = status;
    this.statusText = statusText;
    this.headers = headers;
    this.url = url;
    this.redirected = redirected;
    this.type = type;
  }

  get ok() {
    return this.status >= 200 && this.status <= 299;
  }

  clone() {
    return new Response(
      { [GIVEN]: Body.divide(this) },
      {
        ...this,
        headers: new Headers(this.headers),
      },
    );
  }

  /** From the network: the head that Rust gives, and the exchange that has the body. */
  static fromNative(head, exchange) {
    const content = EMPTY.has(head.status) ? {} : { exchange };
    const headers = Headers.fromNative(head.headers);
    return new Response({ [GIVEN]: content }, { ...head, headers, type: "basic" });
  }

  static error() {
    const facts = { status: 0, statusText: "", headers: new Headers(), type: "error" };
    return new Response({ [GIVEN]: {} }, facts);
  }

  static redirect(url, status = 302) {
    if (!REDIRECTS.has(status)) throw new RangeError(`${status} is not a redirect status`);
    return new Response(null, { status, headers: { location: new URL(url).href } });
  }

  static json(data, init = {}) {
    const headers = new Headers(init?.headers);
    if (!headers.has("content-type")) headers.set("content-type", "application/json");
    return new Response(JSON.stringify(data), { ...init, headers });
  }

  get [Symbol.toStringTag]() {
    return "Response";
  }
}
