/**
 * The package undici, which needs WebAssembly, over our fetch. Connections, pools and the `proxy`
 * setting are the gateway's: agents only carry options. An agent with a proxy of its own is
 * refused when it is used, because going around a proxy silently would be worse.
 */
import EventEmitter from "node:events";
import { Readable } from "node:stream";
import { unavailable } from "node:internal/errors";
import { fetch as gatewayFetch } from "ocg:web/fetch";
import { FormData } from "ocg:web/form-data";
import { Headers } from "ocg:web/headers";
import { Request } from "ocg:web/request";
import { Response } from "ocg:web/response";

class UndiciError extends Error {
  constructor(message, code = "UND_ERR", name = "UndiciError") {
    super(message);
    this.code = code;
    this.name = name;
  }
}

const failure = (name, code) =>
  ({
    [name]: class extends UndiciError {
      constructor(message = name) {
        super(message, code, name);
      }
    },
  })[name];

export const errors = {
  UndiciError,
  ConnectTimeoutError: failure("ConnectTimeoutError", "UND_ERR_CONNECT_TIMEOUT"),
  HeadersTimeoutError: failure("HeadersTimeoutError", "UND_ERR_HEADERS_TIMEOUT"),
  BodyTimeoutError: failure("BodyTimeoutError", "UND_ERR_BODY_TIMEOUT"),
  SocketError: failure("SocketError", "UND_ERR_SOCKET"),
  RequestAbortedError: failure("RequestAbortedError", "UND_ERR_ABORTED"),
  InvalidArgumentError: failure("InvalidArgumentError", "UND_ERR_INVALID_ARG"),
  NotSupportedError: failure("NotSupportedError", "UND_ERR_NOT_SUPPORTED"),
  ClientClosedError: failure("ClientClosedError", "UND_ERR_CLOSED"),
  ClientDestroyedError: failure("ClientDestroyedError", "UND_ERR_DESTROYED"),
};

export class Dispatcher extends EventEmitter {
  constructor(options) {
    super();
    this.options = options ?? {};
    this.closed = false;
    this.destroyed = false;
  }

  request(options) {
    return request(new URL(options.path ?? "", options.origin), { ...options, dispatcher: this });
  }

  compose() {
    return this;
  }

  dispatch() {
    throw new errors.NotSupportedError(
      "dispatch is not available to plugins: use fetch or request",
    );
  }

  async close() {
    this.closed = true;
  }

  async destroy() {
    this.destroyed = true;
  }
}

export class Agent extends Dispatcher {}
export class EnvHttpProxyAgent extends Dispatcher {}
export class RetryAgent extends Dispatcher {}

/** One origin. */
export class Pool extends Dispatcher {
  constructor(origin, options) {
    super(options);
    this.origin = String(origin?.origin ?? origin);
  }

  request(options) {
    return super.request({ origin: this.origin, ...options });
  }
}
export class Client extends Pool {}
export class BalancedPool extends Pool {}

export class ProxyAgent extends Dispatcher {
  constructor(options) {
    super(typeof options === "string" || options instanceof URL ? { uri: options } : options);
    this.uri = String(this.options.uri ?? "");
    if (!this.uri) throw new errors.InvalidArgumentError("Proxy uri is mandatory");
  }
}

let globalDispatcher = new Agent();

export function setGlobalDispatcher(dispatcher) {
  if (typeof dispatcher?.dispatch !== "function")
    throw new errors.InvalidArgumentError("Argument agent must implement Agent");
  globalDispatcher = dispatcher;
}

export function getGlobalDispatcher() {
  return globalDispatcher;
}

function checked(dispatcher = globalDispatcher) {
  if (dispatcher instanceof ProxyAgent)
    throw new errors.NotSupportedError(
      'plugins cannot bring a proxy of their own: set "proxy" in ocg.json, which all of their connections use',
    );
  if (dispatcher.closed) throw new errors.ClientClosedError("The client is closed");
  if (dispatcher.destroyed) throw new errors.ClientDestroyedError("The client is destroyed");
  return dispatcher;
}

export async function fetch(input, init) {
  checked(init?.dispatcher);
  return gatewayFetch(input, init);
}

/** A body as undici gives it: a stream that can be read as a whole. */
function readable(response) {
  const body = response.body ? Readable.fromWeb(response.body) : Readable.from([]);
  const read = async () => {
    const parts = [];
    for await (const part of body) parts.push(part);
    return new Response(new Blob(parts));
  };
  for (const method of ["text", "json", "arrayBuffer", "blob", "bytes"])
    body[method] = async () => (await read())[method]();
  body.dump = async () => {
    for await (const _ of body);
  };
  return body;
}

const isStream = (body) => typeof body?.pipe === "function";

export async function request(url, options = {}) {
  const dispatcher = checked(options.dispatcher);
  const target = new URL(String(url?.href ?? url));
  if (options.path) target.href = new URL(options.path, target).href;
  for (const [name, value] of Object.entries(options.query ?? {}))
    target.searchParams.append(name, value);
  const headers = new Headers();
  const given = Array.isArray(options.headers)
    ? options.headers.flatMap((name, at, all) => (at % 2 === 0 ? [[name, all[at + 1]]] : []))
    : Object.entries(options.headers ?? {});
  for (const [name, value] of given)
    for (const one of [value].flat()) if (one !== undefined) headers.append(name, one);
  const limit = options.headersTimeout ?? dispatcher.options.headersTimeout ?? 300_000;
  const late = new AbortController();
  const timer =
    limit > 0
      ? setTimeout(() => late.abort(new errors.HeadersTimeoutError("Headers Timeout Error")), limit)
      : undefined;
  const signal = options.signal ? AbortSignal.any([late.signal, options.signal]) : late.signal;
  try {
    const response = await gatewayFetch(target, {
      method: options.method ?? "GET",
      headers,
      body: isStream(options.body) ? Readable.toWeb(options.body) : (options.body ?? undefined),
      redirect: "manual",
      signal,
    });
    const shown = {};
    for (const [name, value] of response.headers)
      shown[name] = Object.hasOwn(shown, name) ? [shown[name], value].flat() : value;
    const body = readable(response);
    return {
      statusCode: response.status,
      headers: shown,
      body,
      trailers: {},
      opaque: options.opaque,
    };
  } catch (error) {
    // fetch wraps what request tells plainly.
    throw error instanceof TypeError && error.cause instanceof Error ? error.cause : error;
  } finally {
    clearTimeout(timer);
  }
}

const WHY = "it needs undici's own connections; use fetch or request";
export const stream = unavailable("stream", WHY);
export const pipeline = unavailable("pipeline", WHY);
export const connect = unavailable("connect", WHY);
export const upgrade = unavailable("upgrade", WHY);
export const MockAgent = unavailable("MockAgent", WHY);
export const WebSocket = unavailable("WebSocket", WHY);
export const EventSource = unavailable("EventSource", WHY);
export const buildConnector = unavailable("buildConnector", WHY);
export const interceptors = {};

export function install() {}

export { FormData, Headers, Request, Response };

export default {
  Agent,
  BalancedPool,
  Client,
  Dispatcher,
  EnvHttpProxyAgent,
  errors,
  EventSource,
  fetch,
  FormData,
  getGlobalDispatcher,
  Headers,
  interceptors,
  MockAgent,
  Pool,
  ProxyAgent,
  request,
  Request,
  Response,
  RetryAgent,
  setGlobalDispatcher,
  WebSocket,
};
