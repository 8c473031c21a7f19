// http.Agent: which sockets requests use.

import EventEmitter from "node:events";
import { connect, plainHttp } from "node:internal/net_socket";
import { nextTick } from "node:internal/next_tick";

const DEFAULT_SOCKETS = 256;

/** Puts an entry into the list under a name, or takes it out. */
function add(lists, name, entry) {
  (lists[name] ??= []).push(entry);
}
function remove(lists, name, entry) {
  const list = lists[name];
  const at = list?.indexOf(entry) ?? -1;
  if (at < 0) return false;
  list.splice(at, 1);
  if (list.length === 0) delete lists[name];
  return true;
}

export class Agent extends EventEmitter {
  constructor(options = {}) {
    super();
    this.options = { path: null, noDelay: true, ...options };
    this.defaultPort = 80;
    this.protocol = "http:";
    this.requests = {};
    this.sockets = {};
    this.freeSockets = {};
    this.keepAlive = options.keepAlive ?? false;
    this.keepAliveMsecs = options.keepAliveMsecs ?? 1000;
    this.maxSockets = options.maxSockets ?? Infinity;
    this.maxFreeSockets = options.maxFreeSockets ?? DEFAULT_SOCKETS;
    this.maxTotalSockets = options.maxTotalSockets ?? Infinity;
    this.scheduling = options.scheduling ?? "lifo";
    this.totalSocketCount = 0;
    this.on("free", (socket, given) => this._onFree(socket, given));
  }

  createConnection(options, callback) {
    const made = connect({ ...options, [plainHttp]: true });
    if (callback) made.once("connect", () => callback(null, made));
    return made;
  }

  getName(options = {}) {
    const { host = "localhost", port = "", localAddress = "", family, socketPath } = options;
    let name = `${host}:${port}:${localAddress}`;
    if (family === 4 || family === 6) name += `:${family}`;
    if (socketPath) name += `:${socketPath}`;
    return name;
  }

  addRequest(request, given, port, localAddress) {
    const asked = typeof given === "string" ? { host: given, port, localAddress } : given;
    const options = { ...asked, ...this.options };
    if (options.path === null) delete options.path;
    if (options.socketPath) options.path = options.socketPath;
    if (!options.servername && options.servername !== "")
      options.servername = serverName(request, options);
    const name = this.getName(options);
    const idle = this._takeFree(name);
    if (idle) {
      add(this.sockets, name, idle);
      this.reuseSocket(idle, request);
      request.reusedSocket = true;
      request.onSocket(idle);
      return;
    }
    const busy = this.sockets[name]?.length ?? 0;
    if (busy < this.maxSockets && this.totalSocketCount < this.maxTotalSockets)
      this._connect(request, options);
    else add(this.requests, name, { request, options });
  }

  /** An idle socket that still works. */
  _takeFree(name) {
    const free = (this.freeSockets[name] ?? []).filter(
      (socket) => !socket.destroyed && socket.writable,
    );
    const socket = this.scheduling === "fifo" ? free.shift() : free.pop();
    if (free.length > 0) this.freeSockets[name] = free;
    else delete this.freeSockets[name];
    socket?._httpIdle?.();
    return socket;
  }

  _connect(request, options) {
    this.createSocket(request, options, (error, socket) => {
      if (error) request.onSocket(null, error);
      else request.onSocket(socket);
    });
  }

  /** Makes a socket and counts it; packages override this. */
  createSocket(request, given, callback) {
    const options = { ...given, ...this.options };
    if (options.path === null || !options.socketPath) delete options.path;
    if (!options.servername && options.servername !== "")
      options.servername = serverName(request, options);
    const name = this.getName(options);
    options._agentKey = name;
    options.encoding = null;
    let told = false;
    const done = (error, socket) => {
      if (told) return;
      told = true;
      if (error) {
        callback(error);
        return;
      }
      add(this.sockets, name, socket);
      this.totalSocketCount++;
      this._watch(socket, options, name);
      callback(null, socket);
    };
    try {
      const made = this.createConnection(options, done);
      if (made && typeof made.on === "function") done(null, made);
    } catch (error) {
      nextTick(done, error);
    }
  }

  _watch(socket, options, name) {
    const onFree = () => this.emit("free", socket, options);
    const onClose = () => this.removeSocket(socket, options);
    socket.on("free", onFree);
    socket.on("close", onClose);
    socket.on("agentRemove", () => {
      socket.removeListener("free", onFree);
      socket.removeListener("close", onClose);
      this._forget(socket, name);
    });
  }

  _forget(socket, name) {
    const known = remove(this.sockets, name, socket);
    if (remove(this.freeSockets, name, socket) || known) this.totalSocketCount--;
  }

  removeSocket(socket, options) {
    const name = this.getName(options);
    this._forget(socket, name);
    this._next(name);
  }

  /** Serves a request that waits for a place. */
  _next(name) {
    const [waiting] = this.requests[name] ?? [];
    if (!waiting) return;
    remove(this.requests, name, waiting);
    if (waiting.request.destroyed) this._next(name);
    else this._connect(waiting.request, waiting.options);
  }

  _onFree(socket, options) {
    const name = this.getName(options);
    if (!socket.writable || socket.destroyed) {
      socket.destroy();
      return;
    }
    const [waiting] = this.requests[name] ?? [];
    if (waiting) {
      remove(this.requests, name, waiting);
      this.reuseSocket(socket, waiting.request);
      waiting.request.onSocket(socket);
      return;
    }
    const free = this.freeSockets[name]?.length ?? 0;
    const room = free < this.maxFreeSockets && this.totalSocketCount <= this.maxTotalSockets;
    if (!this.keepAlive || !room || !this.keepSocketAlive(socket)) {
      socket.destroy();
      return;
    }
    remove(this.sockets, name, socket);
    add(this.freeSockets, name, socket);
    this._idle(socket);
  }

  /** While it waits, whatever happens to a socket is its end. */
  _idle(socket) {
    const end = () => socket.destroy();
    const events = ["end", "error", "timeout"];
    for (const event of events) socket.on(event, end);
    socket._httpIdle = () => {
      for (const event of events) socket.removeListener(event, end);
      socket._httpIdle = undefined;
    };
    socket.resume();
  }

  keepSocketAlive(socket) {
    socket.setKeepAlive(true, this.keepAliveMsecs);
    socket.unref();
    if (this.options.timeout) socket.setTimeout(this.options.timeout);
    return true;
  }

  reuseSocket(socket) {
    socket.ref();
    if (this.options.timeout) socket.setTimeout(0);
  }

  destroy() {
    const lists = [...Object.values(this.freeSockets), ...Object.values(this.sockets)];
    for (const socket of lists.flat()) socket.destroy();
  }
}

function serverName(request, { host }) {
  const header = request?.getHeader?.("host");
  if (typeof header !== "string") return host;
  const name = header.startsWith("[") ? header.slice(1, header.indexOf("]")) : header.split(":")[0];
  return name || host;
}

export const globalAgent = new Agent({ keepAlive: true, scheduling: "lifo", timeout: 5000 });
