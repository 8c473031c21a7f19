// node:http: names of HTTP; requests and servers are not provided, use fetch.

import { unavailable } from "node:internal/errors";
import { METHODS, STATUS_CODES } from "node:internal/http_names";

const WHY = "HTTP requests and servers of node:http are not provided to plugins yet, use fetch";
export const request = unavailable("request", WHY);
export const get = unavailable("get", WHY);
export const createServer = unavailable("createServer", WHY);
export const ClientRequest = unavailable("ClientRequest", WHY);
export const IncomingMessage = unavailable("IncomingMessage", WHY);
export const OutgoingMessage = unavailable("OutgoingMessage", WHY);
export const Server = unavailable("Server", WHY);
export const ServerResponse = unavailable("ServerResponse", WHY);

/** Kept by packages that only pass it on. */
export class Agent {
  constructor(options = {}) {
    this.options = options;
    this.maxSockets = options.maxSockets ?? Infinity;
    this.requests = {};
    this.sockets = {};
    this.freeSockets = {};
  }

  destroy() {}
}

export const globalAgent = new Agent({ keepAlive: true });
export const maxHeaderSize = 16384;

export function validateHeaderName(name) {
  if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name))
    throw new TypeError(`Header name must be a valid HTTP token ["${name}"]`);
}

export function validateHeaderValue(name, value) {
  // eslint-disable-next-line no-control-regex
  if (/[^\t\x20-\x7e\x80-\xff]/.test(String(value)))
    throw new TypeError(`Invalid character in header content ["${name}"]`);
}

export function setMaxIdleHTTPParsers() {}
export { METHODS, STATUS_CODES };

export default {
  request,
  get,
  createServer,
  ClientRequest,
  IncomingMessage,
  OutgoingMessage,
  Server,
  ServerResponse,
  Agent,
  globalAgent,
  maxHeaderSize,
  validateHeaderName,
  validateHeaderValue,
  setMaxIdleHTTPParsers,
  METHODS,
  STATUS_CODES,
};
