// http.IncomingMessage: a request that a server got, or a response that a client got.

import { Buffer } from "node:buffer";
import { distinctHeaders, mergedHeaders } from "node:internal/http_headers";
import { nodeError } from "node:internal/errors";
import { Readable } from "node:stream";

export class IncomingMessage extends Readable {
  constructor(socket) {
    super({ highWaterMark: socket?.readableHighWaterMark });
    this.socket = socket;
    this.httpVersionMajor = 1;
    this.httpVersionMinor = 1;
    this.rawHeaders = [];
    this.rawTrailers = [];
    this.complete = false;
    this.aborted = false;
    this.url = "";
    this.method = null;
    this.statusCode = null;
    this.statusMessage = null;
  }

  /** Takes over a head that the parser read. */
  _takeHead(head) {
    this.httpVersionMinor = head.minor;
    this.rawHeaders = head.headers;
    this.url = head.url ?? "";
    this.method = head.method ?? null;
    this.statusCode = head.statusCode ?? null;
    this.statusMessage = head.method ? null : head.statusMessage;
    return this;
  }

  /** A piece of the body. The socket rests while the reader is behind. */
  _takeBody(bytes) {
    if (this.destroyed) return;
    if (!this.push(Buffer.from(bytes.buffer))) this.socket?.pause();
  }

  _takeEnd(trailers) {
    this.complete = true;
    this.rawTrailers = trailers;
    this.push(null);
  }

  /** The connection broke before the end. */
  _abort() {
    if (this.complete || this.destroyed) return;
    this.aborted = true;
    this.emit("aborted");
    this.destroy(nodeError(Error, "ECONNRESET", "aborted"));
  }

  _read() {
    this.socket?.resume();
  }

  _destroy(error, callback) {
    if (!this.complete) {
      this.aborted = true;
      this.socket?.destroy(error ?? undefined);
    }
    callback(this.listenerCount("error") > 0 || !this.aborted ? error : null);
  }

  get httpVersion() {
    return `${this.httpVersionMajor}.${this.httpVersionMinor}`;
  }

  get headers() {
    return (this._headers ??= mergedHeaders(this.rawHeaders));
  }

  set headers(headers) {
    this._headers = headers;
  }

  get headersDistinct() {
    return (this._distinct ??= distinctHeaders(this.rawHeaders));
  }

  get trailers() {
    return (this._trailers ??= mergedHeaders(this.rawTrailers));
  }

  get trailersDistinct() {
    return distinctHeaders(this.rawTrailers);
  }

  get connection() {
    return this.socket;
  }

  set connection(socket) {
    this.socket = socket;
  }

  setTimeout(milliseconds, listener) {
    if (listener) this.on("timeout", listener);
    this.socket?.setTimeout(milliseconds);
    return this;
  }
}
