// net.Socket: a duplex stream over a connection of Rust's.

import { Buffer } from "node:buffer";
import * as native from "ocg:native/net";
import { invalidArgType, nodeError, outOfRange } from "node:internal/errors";
import { isIP } from "node:internal/net_address";
import { IdleTimer } from "node:internal/net_timeout";
import { nextTick } from "node:internal/next_tick";
import { Duplex } from "node:stream";

/** Says that the proxy of `http://` requests counts for a connection. */
export const plainHttp = Symbol("ocg.plainHttp");

const closedError = () =>
  nodeError(Error, "ERR_SOCKET_CLOSED_BEFORE_CONNECTION", "Socket closed before the connection");

/** The arguments of connect: (options, listener), (port, host, listener) or (path, listener). */
export function connectArguments(args) {
  const listener = args.findLast((argument) => typeof argument === "function");
  const [first, second] = args;
  if (first !== null && typeof first === "object") return [first, listener];
  const path = typeof first === "string" && Number.isNaN(Number(first));
  if (path) return [{ path: first }, listener];
  return [{ port: first, host: typeof second === "string" ? second : undefined }, listener];
}

export class Socket extends Duplex {
  constructor(options = {}) {
    super({
      allowHalfOpen: options.allowHalfOpen === true,
      highWaterMark: options.highWaterMark,
      signal: options.signal,
      emitClose: false,
    });
    this.connecting = false;
    this.bytesRead = 0;
    this._bytesWritten = 0;
    this._handle = null;
    this._waiting = [];
    this._idle = new IdleTimer(() => this.emit("timeout"));
    this.timeout = undefined;
    this._hadError = false;
    if (options.pauseOnCreate) this.pause();
    if (options.handle) this._open(options.handle);
  }

  /** Takes a connection of Rust's. */
  _open(handle) {
    this._handle = handle;
    this.connecting = false;
    for (const work of this._waiting.splice(0)) work();
    // The end of a connection is noticed even while nobody reads.
    if (!this.isPaused()) this.read(0);
  }

  connect(...args) {
    const [options, listener] = connectArguments(args);
    if (listener) this.once("connect", listener);
    if (options.path) {
      const error = nodeError(Error, "ERR_ACCESS_DENIED", "plugins cannot use local sockets");
      nextTick(() => this.destroy(error));
      return this;
    }
    const port = Number(options.port);
    if (options.port === undefined)
      throw nodeError(
        TypeError,
        "ERR_MISSING_ARGS",
        'The "options" or "port" or "path" argument must be specified',
      );
    if (!Number.isInteger(port) || port < 0 || port > 65535) {
      const error = outOfRange("options.port", ">= 0 and < 65536", options.port);
      error.code = "ERR_SOCKET_BAD_PORT";
      throw error;
    }
    this.connecting = true;
    this._host = options.host ?? "localhost";
    this._idle.touch();
    this._dial(options, this._host, port).then(
      () => {
        if (this.destroyed) return;
        this.emit("connect");
        this.emit("ready");
      },
      (error) => {
        this.connecting = false;
        this.destroy(error);
      },
    );
    return this;
  }

  async _dial(options, host, port) {
    const proxy = options[plainHttp] ? "http" : "https";
    await this._askLookup(options, host, port, proxy);
    if (this.destroyed) return;
    const handle = await native.connect(host, port, proxy);
    if (this.destroyed) handle.close();
    else this._open(handle);
  }

  /**
   * A lookup of the plugin's own may refuse a host. Where a name really leads is found out and
   * checked by Rust; a proxy resolves names itself.
   */
  _askLookup({ lookup, family }, host, port, proxy) {
    if (typeof lookup !== "function" || isIP(host) || native.isProxied(host, port, proxy))
      return undefined;
    return new Promise((resolve, reject) => {
      const done = (error, address, version) => {
        const found = Array.isArray(address) ? address[0] : { address, family: version };
        this.emit("lookup", error, found?.address, found?.family, host);
        if (error) reject(error);
        else resolve();
      };
      lookup(host, { family, hints: 0, all: false }, done);
    });
  }

  _whenOpen(work) {
    if (this._handle) work();
    else this._waiting.push(work);
  }

  _read() {
    this._whenOpen(() => {
      this._handle.read().then(
        (bytes) => {
          if (bytes === null || this.destroyed) return;
          this._idle.touch();
          if (bytes === undefined) {
            this.push(null);
            if (this.readableLength === 0) this.read(0);
            return;
          }
          this.bytesRead += bytes.length;
          this.push(Buffer.from(bytes.buffer));
        },
        (error) => this.destroy(error),
      );
    });
  }

  _write(chunk, encoding, callback) {
    this._whenOpen(() => this._send(chunk, callback));
  }

  _writev(entries, callback) {
    const chunks = entries.map(({ chunk }) => chunk);
    this._whenOpen(() => this._send(Buffer.concat(chunks), callback));
  }

  _send(bytes, callback) {
    this._bytesWritten += bytes.length;
    this._idle.touch();
    let rest;
    try {
      rest = this._handle.write(bytes);
    } catch (error) {
      callback(error);
      return;
    }
    if (rest) rest.then(() => callback(), callback);
    else callback();
  }

  _final(callback) {
    this._whenOpen(() =>
      this._handle.shutdown().then(
        () => callback(),
        // The peer has gone already: what was written is out of our hands.
        () => callback(),
      ),
    );
  }

  _destroy(error, callback) {
    this.connecting = false;
    this._hadError = Boolean(error);
    this._idle.stop();
    this._handle?.close();
    this._waiting.length = 0;
    callback(error);
    nextTick(() => this.emit("close", this._hadError));
  }

  end(...args) {
    super.end(...args);
    return this;
  }

  destroySoon() {
    if (this.writable) this.end();
    if (this.writableFinished) this.destroy();
    else this.once("finish", this.destroy);
  }

  resetAndDestroy() {
    return this.destroy(this.connecting ? closedError() : undefined);
  }

  setTimeout(milliseconds, listener) {
    if (typeof milliseconds !== "number")
      throw invalidArgType("msecs", "of type number", milliseconds);
    this.timeout = milliseconds;
    this._idle.set(milliseconds);
    if (listener) {
      if (milliseconds === 0) this.removeListener("timeout", listener);
      else this.once("timeout", listener);
    }
    return this;
  }

  /** All connections are without Nagle's delay. */
  setNoDelay() {
    return this;
  }

  setKeepAlive() {
    return this;
  }

  /** The host decides how long an isolate lives. */
  ref() {
    return this;
  }

  unref() {
    return this;
  }

  address() {
    const [address, port] = (!this.destroyed && this._handle?.local) || [];
    return address === undefined ? {} : { address, family: `IPv${isIP(address)}`, port };
  }

  get localAddress() {
    return this._handle?.local?.[0];
  }

  get localPort() {
    return this._handle?.local?.[1];
  }

  get localFamily() {
    return this._handle ? `IPv${isIP(this.localAddress)}` : undefined;
  }

  get remoteAddress() {
    return this._handle?.peer?.[0];
  }

  get remotePort() {
    return this._handle?.peer?.[1];
  }

  get remoteFamily() {
    return this._handle ? `IPv${isIP(this.remoteAddress)}` : undefined;
  }

  get bytesWritten() {
    return this._bytesWritten + this.writableLength;
  }

  get pending() {
    return !this._handle || this.connecting;
  }

  get bufferSize() {
    return this.writableLength;
  }

  get readyState() {
    if (this.connecting) return "opening";
    if (this.readable && this.writable) return "open";
    if (this.readable) return "readOnly";
    return this.writable ? "writeOnly" : "closed";
  }
}

export function connect(...args) {
  const [options] = connectArguments(args);
  const socket = new Socket(options);
  if (options.timeout) socket.setTimeout(options.timeout);
  return socket.connect(...args);
}
