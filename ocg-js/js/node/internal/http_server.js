// http.Server and ServerResponse, with the limits of Node.

import { Buffer } from "node:buffer";
import { Parser } from "ocg:native/http1";
import { nodeError } from "node:internal/errors";
import { headerPairs } from "node:internal/http_headers";
import { IncomingMessage } from "node:internal/http_incoming";
import { STATUS_CODES } from "node:internal/http_names";
import { OutgoingMessage } from "node:internal/http_outgoing";
import { Server as NetServer } from "node:internal/net_server";
import { nextTick } from "node:internal/next_tick";
import { clearTimeout, setTimeout } from "ocg:web/timers";

export class ServerResponse extends OutgoingMessage {
  constructor(request, options) {
    super(options);
    this.req = request;
    this.statusCode = 200;
    this.statusMessage = undefined;
    this.sendDate = true;
    this.httpVersionOld = request.httpVersionMinor === 0;
    this.strictContentLength = false;
  }

  writeHead(statusCode, reason, headers) {
    this._beforeHead("write");
    const status = Number(statusCode) | 0;
    if (status < 100 || status > 999)
      throw nodeError(
        RangeError,
        "ERR_HTTP_INVALID_STATUS_CODE",
        `Invalid status code: ${statusCode}`,
      );
    this.statusCode = status;
    if (typeof reason === "string") this.statusMessage = reason;
    for (const [name, value] of headerPairs(typeof reason === "string" ? headers : reason))
      this.setHeader(name, value);
    this._headWritten = true;
    this._implicitHead(undefined);
    return this;
  }

  _implicitHead(length) {
    const { statusCode, req } = this;
    const bodyless =
      req.method === "HEAD" || statusCode === 204 || statusCode === 304 || statusCode < 200;
    if (bodyless) this._bodyless = true;
    this.statusMessage ??= STATUS_CODES[statusCode] ?? "unknown";
    this._composeHead(`HTTP/1.1 ${statusCode} ${this.statusMessage}`, length);
  }

  writeContinue(callback) {
    this._interim("HTTP/1.1 100 Continue\r\n\r\n", callback);
  }

  writeProcessing() {
    this._interim("HTTP/1.1 102 Processing\r\n\r\n");
  }

  writeEarlyHints(hints, callback) {
    let head = "HTTP/1.1 103 Early Hints\r\n";
    for (const [name, value] of headerPairs(hints))
      for (const one of [value].flat()) head += `${name}: ${one}\r\n`;
    this._interim(`${head}\r\n`, callback);
  }

  _interim(text, callback) {
    this._whenSocket(() => this.socket.write(text, "latin1", callback));
  }

  assignSocket(socket) {
    socket._httpMessage = this;
    this._giveSocket(socket);
  }

  detachSocket(socket) {
    socket._httpMessage = null;
    this.socket = null;
  }

  /** Everything has been sent. */
  _closed() {
    this._life.destroyed = true;
    this._life.closed = true;
    this.emit("close");
  }

  _destroy(error, callback) {
    this.socket?.destroy(error ?? undefined);
    callback(error);
    nextTick(() => this.emit("close"));
  }
}

/** One connection: its requests, one after the other. */
class Session {
  constructor(server, socket) {
    this.server = server;
    this.socket = socket;
    this.parser = new Parser();
    this.request = null;
    this.response = null;
    this.served = 0;
    this.listeners = {
      data: (bytes) => this.parse(() => this.parser.feed(bytes)),
      end: () => this.ended(),
      error: (error) => this.failed(error),
      close: () => this.closed(),
      timeout: () => this.timedOut(),
    };
    for (const [event, listener] of Object.entries(this.listeners)) socket.on(event, listener);
    socket.setTimeout(server.timeout);
    this.expectHead(server.headersTimeout);
  }

  detach() {
    clearTimeout(this.headTimer);
    for (const [event, listener] of Object.entries(this.listeners))
      this.socket.removeListener(event, listener);
  }

  /** The next head, or the rest of a request, has to come in time. */
  expectHead(milliseconds) {
    clearTimeout(this.headTimer);
    if (milliseconds > 0)
      this.headTimer = setTimeout(() => {
        if (this.response || this.served === 0) this.answer("408 Request Timeout");
        this.socket.destroy();
      }, milliseconds);
  }

  parse(read) {
    let events;
    try {
      events = read();
    } catch (error) {
      this.failed(error);
      return;
    }
    for (const event of events) {
      if (event instanceof Uint8Array) this.request?._takeBody(event);
      else if (event.headers) this.head(event);
      else {
        clearTimeout(this.headTimer);
        this.request._takeEnd(event.trailers);
      }
    }
  }

  head(head) {
    const { server, socket } = this;
    this.expectHead(server.requestTimeout);
    const request = new server._IncomingMessage(socket)._takeHead(head);
    if (head.upgrade && this.handOver(request, head)) return;
    const response = new server._ServerResponse(request);
    this.request = request;
    this.response = response;
    this.served++;
    const limit = server.maxRequestsPerSocket;
    response.shouldKeepAlive =
      head.keepAlive && !server._closing && (limit === 0 || this.served < limit);
    response.assignSocket(socket);
    response.once("finish", () => this.finished(request, response));
    if (head.upgrade) {
      const length = request.headers["content-length"];
      const chunked = /chunked/i.test(request.headers["transfer-encoding"] ?? "");
      this.parser.resume(length === undefined ? undefined : Number(length), chunked);
      this.parse(() => this.parser.feed(new Uint8Array(0)));
    }
    this.dispatch(request, response);
  }

  dispatch(request, response) {
    const { server } = this;
    if (request.httpVersionMinor === 1 && request.headers.host === undefined && server._needsHost) {
      response.writeHead(400, { Connection: "close" });
      response.end();
      return;
    }
    if (/100-continue/i.test(request.headers.expect ?? "")) {
      if (server.listenerCount("checkContinue") > 0) {
        server.emit("checkContinue", request, response);
        return;
      }
      response.writeContinue();
    }
    server.emit("request", request, response);
  }

  /** Gives the connection away to who speaks another protocol on it. */
  handOver(request, { method }) {
    const { server, socket } = this;
    const event = method === "CONNECT" ? "connect" : "upgrade";
    if (server.listenerCount(event) === 0) {
      if (event === "upgrade") return false;
      socket.destroy();
      return true;
    }
    this.detach();
    socket.setTimeout(0);
    request._takeEnd([]);
    const rest = Buffer.from(this.parser.rest());
    socket._readableState.flowing = null;
    server.emit(event, request, socket, rest);
    return true;
  }

  finished(request, response) {
    const { server, socket } = this;
    response.detachSocket(socket);
    this.response = null;
    nextTick(() => response._closed());
    if (!response.shouldKeepAlive || socket.destroyed) {
      socket.destroySoon();
      return;
    }
    // What was not read of the request stands before the next one.
    const goOn = () => {
      if (socket.destroyed) return;
      this.request = null;
      this.parser.next();
      this.expectHead(server.keepAliveTimeout + 1000);
      socket.resume();
      this.parse(() => this.parser.feed(new Uint8Array(0)));
    };
    if (request.complete) goOn();
    else {
      request.once("end", goOn);
      request.resume();
    }
  }

  ended() {
    try {
      this.parser.finish();
    } catch (error) {
      this.failed(error);
      return;
    }
    if (!this.response) this.socket.end();
  }

  failed(error) {
    const { server, socket } = this;
    if (server.listenerCount("clientError") > 0) {
      server.emit("clientError", error, socket);
      return;
    }
    const overflow = error.code === "HPE_HEADER_OVERFLOW";
    if (error.code?.startsWith("HPE_"))
      this.answer(overflow ? "431 Request Header Fields Too Large" : "400 Bad Request");
    socket.destroy();
  }

  answer(status) {
    if (this.socket.writable && !this.response?.headersSent)
      this.socket.write(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
  }

  timedOut() {
    const { server, socket, request, response } = this;
    const told = [
      request && !request.complete && request.emit("timeout", socket),
      response?.emit("timeout", socket),
      server.emit("timeout", socket),
    ];
    if (!told.includes(true)) socket.destroy();
  }

  closed() {
    this.detach();
    const { request, response } = this;
    request?._abort();
    if (response && !response.writableFinished) response.destroy();
    this.server._sessions.delete(this);
  }
}

export class Server extends NetServer {
  constructor(options, listener) {
    super(
      typeof options === "object" ? { ...options, allowHalfOpen: true } : { allowHalfOpen: true },
    );
    const given = typeof options === "object" && options !== null ? options : {};
    const onRequest = typeof options === "function" ? options : listener;
    if (onRequest) this.on("request", onRequest);
    this._IncomingMessage = given.IncomingMessage ?? IncomingMessage;
    this._ServerResponse = given.ServerResponse ?? ServerResponse;
    this._needsHost = given.requireHostHeader !== false;
    this.timeout = 0;
    this.headersTimeout = given.headersTimeout ?? 60_000;
    this.requestTimeout = given.requestTimeout ?? 300_000;
    this.keepAliveTimeout = given.keepAliveTimeout ?? 5_000;
    this.maxRequestsPerSocket = given.maxRequestsPerSocket ?? 0;
    this.maxHeadersCount = null;
    this._sessions = new Set();
    this.on("connection", (socket) => this._sessions.add(new Session(this, socket)));
  }

  setTimeout(milliseconds, listener) {
    if (listener) this.on("timeout", listener);
    this.timeout = typeof milliseconds === "number" ? milliseconds : 0;
    return this;
  }

  close(callback) {
    super.close(callback);
    this.closeIdleConnections();
    return this;
  }

  closeIdleConnections() {
    for (const session of this._sessions) if (!session.response) session.socket.destroy();
  }

  closeAllConnections() {
    for (const { socket } of this._sessions) socket.destroy();
  }
}

export function createServer(options, listener) {
  return new Server(options, listener);
}
