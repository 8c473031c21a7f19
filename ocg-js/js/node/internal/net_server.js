// net.Server: a listening socket.

import EventEmitter from "node:events";
import * as native from "ocg:native/net";
import { nodeError } from "node:internal/errors";
import { isIP } from "node:internal/net_address";
import { Socket } from "node:internal/net_socket";
import { nextTick } from "node:internal/next_tick";

/** (port, host, backlog, listener) or (options, listener) */
function listenArguments(args) {
  const listener = args.findLast((argument) => typeof argument === "function");
  const [first, second] = args;
  if (first !== null && typeof first === "object") return [first, listener];
  if (typeof first === "string" && Number.isNaN(Number(first))) return [{ path: first }, listener];
  const host = typeof second === "string" ? second : undefined;
  return [{ port: typeof first === "function" ? 0 : first, host }, listener];
}

export class Server extends EventEmitter {
  constructor(options, listener) {
    super();
    this._options = typeof options === "object" && options !== null ? options : {};
    const onConnection = typeof options === "function" ? options : listener;
    if (onConnection) this.on("connection", onConnection);
    this._listener = null;
    this._sockets = new Set();
    this._closing = false;
  }

  get listening() {
    return this._listener !== null;
  }

  listen(...args) {
    const [options, listener] = listenArguments(args);
    if (this._listener || this._starting)
      throw nodeError(
        Error,
        "ERR_SERVER_ALREADY_LISTEN",
        "Listen method has been called more than once without closing.",
      );
    if (listener) this.once("listening", listener);
    this._closing = false;
    this._starting = true;
    this._start(options).then(
      () => {
        this._starting = false;
        if (this._closing) {
          this._listener?.close();
          this._listener = null;
          this._closeWhenEmpty();
          return;
        }
        const listener = this._listener;
        this.emit("listening");
        this._accept(listener);
      },
      (error) => {
        this._starting = false;
        this.emit("error", error);
      },
    );
    return this;
  }

  async _start({ path, host, port, signal }) {
    if (path) throw nodeError(Error, "ERR_ACCESS_DENIED", "plugins cannot use local sockets");
    const number = Number(port ?? 0);
    if (!Number.isInteger(number) || number < 0 || number > 65535)
      throw nodeError(
        RangeError,
        "ERR_SOCKET_BAD_PORT",
        `options.port should be >= 0 and < 65536. Received ${port}.`,
      );
    signal?.addEventListener("abort", () => this.close(), { once: true });
    this._listener = await native.listen(host ?? "::", number);
  }

  async _accept(listener) {
    while (this._listener === listener) {
      let handle;
      try {
        handle = await listener.accept();
      } catch (error) {
        this.emit("error", error);
        return;
      }
      if (!handle) return;
      this._take(handle);
    }
  }

  _take(handle) {
    if (this.maxConnections !== undefined && this._sockets.size >= this.maxConnections) {
      handle.close();
      this.emit("drop", {});
      return;
    }
    const { allowHalfOpen, pauseOnConnect } = this._options;
    const socket = new Socket({ handle, allowHalfOpen, pauseOnCreate: pauseOnConnect });
    socket.server = this;
    this._sockets.add(socket);
    socket.once("close", () => {
      this._sockets.delete(socket);
      this._closeWhenEmpty();
    });
    this.emit("connection", socket);
  }

  _closeWhenEmpty() {
    if (!this._closing || this._listener || this._starting || this._sockets.size > 0) return;
    this._closing = false;
    nextTick(() => this.emit("close"));
  }

  address() {
    if (!this._listener) return null;
    const [address, port] = this._listener.local;
    return { address, family: `IPv${isIP(address)}`, port };
  }

  getConnections(callback) {
    nextTick(() => callback(null, this._sockets.size));
    return this;
  }

  close(callback) {
    const open = this._listener || this._starting;
    if (callback) {
      const error = nodeError(Error, "ERR_SERVER_NOT_RUNNING", "Server is not running.");
      if (open) this.once("close", () => callback());
      else this.once("close", () => callback(error));
    }
    this._closing = true;
    this._listener?.close();
    this._listener = null;
    this._closeWhenEmpty();
    return this;
  }

  ref() {
    return this;
  }

  unref() {
    return this;
  }

  [Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose")]() {
    return new Promise((resolve) => this.close(() => resolve()));
  }
}
