// http.ClientRequest: one request and the response to it.

import { AsyncLocalStorage } from "node:async_hooks";
import { Buffer } from "node:buffer";
import { Parser } from "ocg:native/http1";
import { AbortError, invalidArgType, nodeError } from "node:internal/errors";
import { globalAgent } from "node:internal/http_agent";
import { headerPairs } from "node:internal/http_headers";
import { IncomingMessage } from "node:internal/http_incoming";
import { OutgoingMessage } from "node:internal/http_outgoing";
import { connect as netConnect } from "node:internal/net_socket";
import { nextTick } from "node:internal/next_tick";
import { urlToHttpOptions } from "node:url";
import { noteAnswer, noteNoAnswer } from "ocg:web/exchange-watch";
import { requestBegins, requestEnds } from "ocg:web/outgoing";

const hangUp = () => nodeError(Error, "ECONNRESET", "socket hang up");

/** The arguments of request: (url, options, callback), (options, callback). */
function requestArguments(args) {
  const callback = args.find((argument) => typeof argument === "function");
  const given = args.filter((argument) => typeof argument === "object" && argument !== null);
  const options = {};
  let [first] = args;
  if (typeof first === "string") first = new URL(first);
  if (first instanceof URL) Object.assign(options, urlToHttpOptions(first));
  for (const other of given) if (!(other instanceof URL)) Object.assign(options, other);
  return [options, callback];
}

export class ClientRequest extends OutgoingMessage {
  constructor(...args) {
    super();
    const [options, callback] = requestArguments(args);
    const agent = this._chooseAgent(options);
    this.agent = agent;
    const protocol = options.protocol || (options.defaultAgent ?? agent)?.protocol || "http:";
    const expected = agent?.protocol ?? protocol;
    if (protocol !== expected)
      throw nodeError(
        TypeError,
        "ERR_INVALID_PROTOCOL",
        `Protocol "${protocol}" not supported. Expected "${expected}"`,
      );
    this.protocol = protocol;
    this.method = String(options.method || "GET").toUpperCase();
    this.path = options.path || "/";
    // eslint-disable-next-line no-control-regex
    if (/[^\u0021-\u00ff]/.test(this.path))
      throw nodeError(
        TypeError,
        "ERR_UNESCAPED_CHARACTERS",
        "Request path contains unescaped characters",
      );
    this.host = options.host || options.hostname || "localhost";
    if (options.hostname) this.host = options.hostname;
    if (typeof this.host !== "string")
      throw invalidArgType("options.host", "of type string", this.host);
    this.host = this.host.replace(/^\[|\]$/g, "");
    this.res = null;
    this.aborted = false;
    this.reusedSocket = false;
    this.timeout = options.timeout;
    this.maxHeadersCount = null;
    this.upgradeOrConnect = false;
    const defaultPort = options.defaultPort || agent?.defaultPort || 80;
    const port = Number(options.port || defaultPort);
    this._setDefaults(options, port, defaultPort);
    if (callback) this.once("response", callback);
    this._listenToSignal(options.signal);
    const bodyless = ["GET", "HEAD", "DELETE", "OPTIONS", "TRACE", "CONNECT"];
    this.useChunkedEncodingByDefault = !bodyless.includes(this.method);
    this.shouldKeepAlive = agent ? agent.keepAlive || agent.maxSockets !== Infinity : false;
    // Events of the socket must not run in the context of whoever used it first.
    this._inContext = AsyncLocalStorage.snapshot();
    requestBegins();
    this._startSocket({ ...options, host: this.host, port, servername: options.servername });
  }

  _chooseAgent({ agent, defaultAgent = globalAgent, createConnection }) {
    if (agent === false) return new defaultAgent.constructor();
    if (agent) {
      if (typeof agent.addRequest !== "function")
        throw invalidArgType(
          "options.agent",
          "one of Agent-like Object, undefined, or false",
          agent,
        );
      return agent;
    }
    return typeof createConnection === "function" ? undefined : defaultAgent;
  }

  _setDefaults(options, port, defaultPort) {
    for (const [name, value] of headerPairs(options.headers))
      if (value !== undefined || !Array.isArray(options.headers)) this.setHeader(name, value);
    if (!this.hasHeader("host") && options.setHost !== false) {
      const host = this.host.includes(":") ? `[${this.host}]` : this.host;
      this.setHeader("Host", port === defaultPort ? host : `${host}:${port}`);
    }
    if (options.auth && !this.hasHeader("authorization"))
      this.setHeader("Authorization", `Basic ${Buffer.from(options.auth).toString("base64")}`);
  }

  _listenToSignal(signal) {
    if (!signal) return;
    const abort = () => this.destroy(new AbortError(undefined, { cause: signal.reason }));
    if (signal.aborted) nextTick(abort);
    else {
      signal.addEventListener("abort", abort, { once: true });
      this.once("close", () => signal.removeEventListener("abort", abort));
    }
  }

  _startSocket(options) {
    if (this.agent) {
      this.agent.addRequest(this, options);
      return;
    }
    if (typeof options.createConnection !== "function") {
      this.onSocket(netConnect(options));
      return;
    }
    let told = false;
    const done = (error, socket) => {
      if (told) return;
      told = true;
      this.onSocket(socket, error);
    };
    const made = options.createConnection(options, done);
    if (made) done(null, made);
  }

  /** The agent gives a socket, or says why there is none. */
  onSocket(socket, error) {
    nextTick(() => {
      if (error) {
        this.destroy(error);
        return;
      }
      if (this.destroyed) {
        if (this.agent) socket.emit("free");
        else socket.destroy();
        return;
      }
      this._attach(socket);
    });
  }

  _attach(socket) {
    const parser = new Parser(this.method);
    this._parser = parser;
    const within =
      (work) =>
      (...args) =>
        this._inContext(work, ...args);
    const onData = within((bytes) => this._onBytes(() => parser.feed(bytes)));
    const onEnd = within(() => this._onBytes(() => parser.finish()));
    const onError = within((error) => this._fail(error));
    const onClose = within(() => this._onClose());
    const onTimeout = within(() => this.emit("timeout"));
    const listeners = {
      data: onData,
      end: onEnd,
      error: onError,
      close: onClose,
      timeout: onTimeout,
    };
    for (const [event, listener] of Object.entries(listeners)) socket.on(event, listener);
    this._detach = () => {
      for (const [event, listener] of Object.entries(listeners))
        socket.removeListener(event, listener);
      this._detach = () => {};
    };
    if (this.timeout !== undefined) socket.setTimeout(this.timeout);
    socket._httpMessage = this;
    this._giveSocket(socket);
    this._inContext(() => this.emit("socket", socket));
  }

  _onBytes(parse) {
    let events;
    try {
      events = parse();
    } catch (error) {
      if (error.code === "HPE_INVALID_EOF_STATE") {
        if (this.res) this.res._abort();
        else this._fail(hangUp());
        return;
      }
      this._fail(error);
      return;
    }
    for (const event of events) {
      if (event instanceof Uint8Array) this.res?._takeBody(event);
      else if (event.headers) this._onHead(event);
      else this._onEnd(event.trailers);
    }
  }

  _onHead(head) {
    const { statusCode, upgrade } = head;
    if (upgrade) {
      this._onUpgrade(head);
      return;
    }
    if (statusCode < 200) {
      if (statusCode === 100) this.emit("continue");
      const { statusMessage, headers: rawHeaders } = head;
      const message = new IncomingMessage(this.socket)._takeHead(head);
      const { headers, httpVersion } = message;
      this.emit("information", { statusCode, statusMessage, httpVersion, headers, rawHeaders });
      return;
    }
    if (!head.keepAlive) this.shouldKeepAlive = false;
    const response = new IncomingMessage(this.socket)._takeHead(head);
    response.req = this;
    this.res = response;
    this._inContext(() => noteAnswer(statusCode, response.headers["content-type"]));
    // A response that nobody listens to must not hold the connection.
    if (!this.emit("response", response)) response.resume();
  }

  _onUpgrade(head) {
    const { socket } = this;
    const response = new IncomingMessage(socket)._takeHead(head);
    response.req = this;
    this.res = response;
    response._takeEnd([]);
    this.upgradeOrConnect = true;
    this._detach();
    socket.emit("agentRemove");
    if (socket._httpMessage === this) socket._httpMessage = null;
    const rest = Buffer.from(this._parser.rest());
    // What comes from here on waits for whoever takes the socket.
    socket._readableState.flowing = null;
    const event = this.method === "CONNECT" ? "connect" : "upgrade";
    if (this.listenerCount(event) > 0) this.emit(event, response, socket, rest);
    else socket.destroy();
    this._close();
  }

  _onEnd(trailers) {
    const response = this.res;
    response._takeEnd(trailers);
    this._answered = true;
    const done = () => this._release();
    if (this.writableFinished) done();
    else this.once("finish", done);
  }

  /** The socket is free for the next request, or done. */
  _release() {
    if (this._released) return;
    this._released = true;
    const { socket, shouldKeepAlive } = this;
    this._detach();
    socket._httpMessage = null;
    if (shouldKeepAlive && this.agent && !socket.destroyed) {
      if (this.timeout !== undefined) socket.setTimeout(0);
      socket.resume();
      nextTick(() => socket.emit("free"));
    } else if (socket.writable) socket.destroySoon();
    else socket.destroy();
    this._close();
  }

  _onClose() {
    if (this._released) return;
    if (this.res && !this.res.complete) this.res._abort();
    else if (!this.res) {
      this._fail(hangUp());
      return;
    }
    this._close();
  }

  _fail(error) {
    if (this.res && !this.res.complete) {
      this.res._abort();
      this.socket?.destroy();
      this._close();
      return;
    }
    this.destroy(error);
  }

  _close() {
    if (this._closedOnce) return;
    this._closedOnce = true;
    requestEnds();
    this._life.destroyed = true;
    nextTick(() => {
      this._life.closed = true;
      this._inContext(() => this.emit("close"));
    });
  }

  abort() {
    if (this.aborted) return;
    this.aborted = true;
    nextTick(() => this.emit("abort"));
    this.destroy();
  }

  _destroy(error, callback) {
    const reason = error ?? (this.res || this._answered ? null : hangUp());
    if (reason) this._inContext(() => noteNoAnswer(reason));
    this._detach?.();
    if (!this._released) this.socket?.destroy();
    if (this.res && !this.res.complete) this.res._abort();
    callback(reason);
    this._close();
  }

  _implicitHead(length) {
    const known = length === 0 && !this.useChunkedEncodingByDefault;
    const undeclared = !this.hasHeader("content-length") && !this.hasHeader("transfer-encoding");
    if (known && undeclared) {
      this._bodyless = true;
      this._composeHead(`${this.method} ${this.path} HTTP/1.1`, undefined);
      this._bodyless = false;
      return;
    }
    // A body with a method that has none usually is still a body.
    this.useChunkedEncodingByDefault = true;
    this._composeHead(`${this.method} ${this.path} HTTP/1.1`, length);
  }

  setNoDelay() {}

  setSocketKeepAlive() {}

  clearTimeout(callback) {
    return this.setTimeout(0, callback);
  }

  setTimeout(milliseconds, listener) {
    if (listener) this.once("timeout", listener);
    this.timeout = milliseconds;
    if (this.socket) this.socket.setTimeout(milliseconds);
    return this;
  }
}

export function request(...args) {
  return new ClientRequest(...args);
}

export function get(...args) {
  const made = request(...args);
  made.end();
  return made;
}
