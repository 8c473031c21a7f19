// node:https: names of HTTP; requests and servers are not provided, use fetch.

import { unavailable } from "node:internal/errors";

const WHY = "HTTP requests and servers of node:http are not provided to plugins yet, use fetch";
export const request = unavailable("request", WHY);
export const get = unavailable("get", WHY);
export const createServer = unavailable("createServer", WHY);
export const Server = unavailable("Server", WHY);

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

export default {
  request,
  get,
  createServer,
  Server,
  Agent,
  globalAgent,
};
