// http.OutgoingMessage: the head and the framing of what is sent.

import { Buffer } from "node:buffer";
import { nodeError } from "node:internal/errors";
import { headerPairs, validateHeaderName, validateHeaderValue } from "node:internal/http_headers";
import { Writable } from "node:stream";

const LAST_CHUNK = "0\r\n";
const byteLength = (chunk, encoding) =>
  typeof chunk === "string" ? Buffer.byteLength(chunk, encoding) : chunk.byteLength;

export class OutgoingMessage extends Writable {
  constructor(options) {
    super({ autoDestroy: false, emitClose: false, highWaterMark: options?.highWaterMark });
    /** Lower-case name → [name, value or values]. */
    this._fields = new Map();
    this._trailers = [];
    this._head = null;
    this._chunked = false;
    this._bodyless = false;
    this.socket = null;
    this.sendDate = false;
    this.shouldKeepAlive = true;
    this.useChunkedEncodingByDefault = true;
    this._waiting = [];
  }

  setHeader(name, value) {
    this._beforeHead("set");
    validateHeaderName(name);
    for (const one of [value].flat()) validateHeaderValue(name, one);
    if (Array.isArray(value) && value.length === 0) validateHeaderValue(name, "");
    this._fields.set(name.toLowerCase(), [name, value]);
    return this;
  }

  setHeaders(headers) {
    for (const [name, value] of headers) this.setHeader(name, value);
    return this;
  }

  appendHeader(name, value) {
    const before = this.getHeader(name);
    return this.setHeader(name, before === undefined ? value : [before, value].flat());
  }

  getHeader(name) {
    return this._fields.get(String(name).toLowerCase())?.[1];
  }

  getHeaders() {
    const headers = Object.create(null);
    for (const [name, [, value]] of this._fields) headers[name] = value;
    return headers;
  }

  getHeaderNames() {
    return [...this._fields.keys()];
  }

  getRawHeaderNames() {
    return [...this._fields.values()].map(([name]) => name);
  }

  hasHeader(name) {
    return this._fields.has(String(name).toLowerCase());
  }

  removeHeader(name) {
    this._beforeHead("remove");
    this._fields.delete(String(name).toLowerCase());
  }

  _beforeHead(what) {
    if (this._head !== null)
      throw nodeError(
        Error,
        "ERR_HTTP_HEADERS_SENT",
        `Cannot ${what} headers after they are sent to the client`,
      );
  }

  addTrailers(headers) {
    this._trailers = headerPairs(headers);
  }

  get headersSent() {
    return this._head !== null;
  }

  get finished() {
    return this.writableEnded;
  }

  get connection() {
    return this.socket;
  }

  /** Fixes the head. `length` is that of the whole body, if it is known. */
  _composeHead(startLine, length) {
    const says = (name) => String(this.getHeader(name) ?? "").toLowerCase();
    if (this._bodyless) {
      // No body, no framing.
    } else if (says("transfer-encoding").includes("chunked")) this._chunked = true;
    else if (!this.hasHeader("content-length")) {
      if (length !== undefined) this._fields.set("content-length", ["Content-Length", length]);
      else if (this.useChunkedEncodingByDefault && this.httpVersionOld !== true) {
        this._fields.set("transfer-encoding", ["Transfer-Encoding", "chunked"]);
        this._chunked = true;
      } else this.shouldKeepAlive = false;
    }
    if (!this.hasHeader("connection"))
      this._fields.set("connection", ["Connection", this.shouldKeepAlive ? "keep-alive" : "close"]);
    else if (says("connection").includes("close")) this.shouldKeepAlive = false;
    if (this.sendDate && !this.hasHeader("date"))
      this._fields.set("date", ["Date", new Date().toUTCString()]);
    let head = `${startLine}\r\n`;
    for (const [name, value] of this._fields.values())
      for (const one of [value].flat()) head += `${name}: ${one}\r\n`;
    this._head = `${head}\r\n`;
    this._unsentHead = this._head;
  }

  write(chunk, encoding, callback) {
    if (this._head === null && !this.writableEnded && chunk !== null && chunk !== undefined)
      this._implicitHead(undefined);
    if (this._bodyless) {
      const done = typeof encoding === "function" ? encoding : callback;
      if (done) queueMicrotask(done);
      return true;
    }
    return super.write(chunk, encoding, callback);
  }

  end(chunk, encoding, callback) {
    const given = typeof chunk === "function" ? undefined : chunk;
    if (this._head === null && !this.writableEnded && !this.destroyed) {
      const known = typeof encoding === "string" ? encoding : undefined;
      this._implicitHead(given === undefined || given === null ? 0 : byteLength(given, known));
    }
    if (this._bodyless && given !== chunk) return super.end(chunk);
    if (this._bodyless)
      return super.end([encoding, callback].find((one) => typeof one === "function"));
    return super.end(chunk, encoding, callback);
  }

  flushHeaders() {
    if (this._head === null) this._implicitHead(undefined);
    this._whenSocket(() => this._toSocket([]));
  }

  _whenSocket(work) {
    if (this.socket) work();
    else this._waiting.push(work);
  }

  _giveSocket(socket) {
    this.socket = socket;
    for (const work of this._waiting.splice(0)) work();
  }

  _write(chunk, encoding, callback) {
    this._whenSocket(() => this._toSocket([chunk], callback));
  }

  _writev(entries, callback) {
    this._whenSocket(() =>
      this._toSocket(
        entries.map(({ chunk }) => chunk),
        callback,
      ),
    );
  }

  /** One write for the head, if it is still to be sent, and the chunks. */
  _toSocket(chunks, callback) {
    const pieces = [];
    if (this._unsentHead) pieces.push(Buffer.from(this._unsentHead, "latin1"));
    this._unsentHead = null;
    const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    if (length > 0 && this._chunked) {
      pieces.push(Buffer.from(`${length.toString(16)}\r\n`), ...chunks, Buffer.from("\r\n"));
    } else pieces.push(...chunks);
    this._put(pieces, callback);
  }

  _put(pieces, callback) {
    const bytes = pieces.length === 1 ? pieces[0] : Buffer.concat(pieces);
    if (this.socket.destroyed) callback?.(nodeError(Error, "ECONNRESET", "socket hang up"));
    else if (bytes.length > 0) this.socket.write(bytes, callback);
    else callback?.();
  }

  _final(callback) {
    this._whenSocket(() => {
      if (!this._chunked) {
        this._toSocket([], callback);
        return;
      }
      let last = LAST_CHUNK;
      for (const [name, value] of this._trailers) last += `${name}: ${value}\r\n`;
      const head = this._unsentHead ? [Buffer.from(this._unsentHead, "latin1")] : [];
      this._unsentHead = null;
      this._put([...head, Buffer.from(`${last}\r\n`, "latin1")], callback);
    });
  }

  setTimeout(milliseconds, listener) {
    if (listener) this.on("timeout", listener);
    this._whenSocket(() => this.socket.setTimeout(milliseconds));
    return this;
  }
}
