// node:http: clients and servers of HTTP/1.1 over the sockets of node:net.

import { Agent, globalAgent } from "node:internal/http_agent";
import { ClientRequest, get, request } from "node:internal/http_client";
import { validateHeaderName, validateHeaderValue } from "node:internal/http_headers";
import { IncomingMessage } from "node:internal/http_incoming";
import { METHODS, STATUS_CODES } from "node:internal/http_names";
import { OutgoingMessage } from "node:internal/http_outgoing";
import { createServer, Server, ServerResponse } from "node:internal/http_server";

/** Bytes that a head may have. */
export const maxHeaderSize = 16384;

export function setMaxIdleHTTPParsers() {}

export {
  Agent,
  ClientRequest,
  createServer,
  get,
  globalAgent,
  IncomingMessage,
  METHODS,
  OutgoingMessage,
  request,
  Server,
  ServerResponse,
  STATUS_CODES,
  validateHeaderName,
  validateHeaderValue,
};

export default {
  Agent,
  ClientRequest,
  createServer,
  get,
  globalAgent,
  IncomingMessage,
  METHODS,
  OutgoingMessage,
  request,
  Server,
  ServerResponse,
  STATUS_CODES,
  validateHeaderName,
  validateHeaderValue,
  maxHeaderSize,
  setMaxIdleHTTPParsers,
};
