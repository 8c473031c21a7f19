// node:https: node:http over TLS. Plugins cannot serve it.

import { unavailable } from "node:internal/errors";
import { Agent as HttpAgent } from "node:internal/http_agent";
import { ClientRequest } from "node:internal/http_client";
import { connect } from "node:internal/tls_socket";

export class Agent extends HttpAgent {
  constructor(options) {
    super(options);
    this.defaultPort = 443;
    this.protocol = "https:";
  }

  createConnection(options, callback) {
    const socket = connect(options);
    if (callback) socket.once("secureConnect", () => callback(null, socket));
    return socket;
  }

  getName(options = {}) {
    const { ca = "", servername = "", rejectUnauthorized = "" } = options;
    const own = servername && servername !== options.host ? servername : "";
    return `${super.getName(options)}:${String(ca)}:${own}:${rejectUnauthorized}`;
  }
}

export const globalAgent = new Agent({ keepAlive: true, scheduling: "lifo", timeout: 5000 });

export function request(...args) {
  const isUrl = typeof args[0] === "string" || args[0] instanceof URL;
  const at = isUrl ? 1 : 0;
  const given = args[at] !== null && typeof args[at] === "object" ? args[at] : undefined;
  const options = { defaultAgent: globalAgent, ...given };
  return new ClientRequest(
    ...args.slice(0, at),
    options,
    ...args.slice(given === undefined ? at : at + 1),
  );
}

export function get(...args) {
  const made = request(...args);
  made.end();
  return made;
}

const WHY = "plugins cannot serve TLS";
export const createServer = unavailable("createServer", WHY);
export const Server = unavailable("Server", WHY);

export default { request, get, createServer, Server, Agent, globalAgent };
