/** A request to a route and the response to it, as node:http gives them to handlers. */
import { Buffer } from "node:buffer";
import EventEmitter from "node:events";
import { isIPv6 } from "node:internal/net_address";
import { IncomingMessage } from "node:internal/http_incoming";
import { ServerResponse } from "node:internal/http_server";
import { createLogger } from "ocg:runtime/logging";

const log = createLogger("http");

/** Stands for the connection, which is the gateway's. */
class Connection extends EventEmitter {
  destroyed = false;
  readable = true;
  writable = true;
  encrypted = false;

  constructor(address, port) {
    super();
    this.remoteAddress = address;
    this.remotePort = port;
    this.remoteFamily = isIPv6(address) ? "IPv6" : "IPv4";
  }

  destroy() {
    if (this.destroyed) return this;
    this.destroyed = true;
    this.writable = false;
    queueMicrotask(() => this.emit("close"));
    return this;
  }

  /** Interim responses do not reach the peer. */
  write(_bytes, ...rest) {
    const done = rest.find((one) => typeof one === "function");
    if (done) queueMicrotask(done);
    return true;
  }
}
for (const name of ["pause", "resume", "setTimeout", "setNoDelay", "setKeepAlive", "ref", "unref"])
  Connection.prototype[name] = function () {
    return this;
  };

/** A response that is kept until it is whole: the gateway frames and sends it. */
class KeptResponse extends ServerResponse {
  pieces = [];

  constructor(request) {
    super(request);
    this.sendDate = false;
  }

  _toSocket(chunks, callback) {
    this._unsentHead = null;
    this.pieces.push(...chunks);
    callback?.();
  }

  _final(callback) {
    callback();
  }
}

/**
 * Asks the handlers, one after the other, until one does not return false.
 *
 * @returns the answer with its body in base64; null where none took the request
 */
export async function exchange({ method, target, headers, body, address, port }, handlers) {
  const connection = new Connection(address, port);
  const req = new IncomingMessage(connection)._takeHead({
    minor: 1,
    headers: headers.flat(),
    url: target,
    method,
  });
  if (body) req._takeBody(new Uint8Array(Buffer.from(body, "base64")));
  req._takeEnd([]);
  const res = new KeptResponse(req);
  res.assignSocket(connection);
  const answered = new Promise((resolve, reject) => {
    res.once("finish", resolve);
    connection.once("close", () =>
      reject(new Error(`${method} ${target}: the plugin closed the connection without an answer`)),
    );
  });
  answered.catch(() => {});
  for (const handler of handlers) {
    const taken = (async () => handler(req, res))();
    taken.catch((error) => {
      if (res.writableEnded) log.warn(`${method} ${target}: failed after its answer:`, error);
    });
    const said = await Promise.race([answered, taken]).catch((error) => {
      if (!res.writableEnded) throw error;
    });
    if (said === false && !res.headersSent) continue;
    // The answer may come later than the handler's return.
    await answered;
    queueMicrotask(() => res._closed());
    return answer(res);
  }
  return null;
}

function answer(res) {
  const headers = [];
  for (const [name, value] of Object.entries(res.getHeaders()))
    for (const one of [value].flat()) headers.push([name, String(one)]);
  const body = Buffer.concat(res.pieces).toString("base64");
  return { status: res.statusCode, headers, body };
}
