// node:tls: importable, but nothing in it works.

import { unavailable } from "node:internal/errors";

const WHY = "raw sockets are not provided to plugins yet";
export const connect = unavailable("connect", WHY);
export const createServer = unavailable("createServer", WHY);
export const createSecureContext = unavailable("createSecureContext", WHY);
export const checkServerIdentity = unavailable("checkServerIdentity", WHY);
export const TLSSocket = unavailable("TLSSocket", WHY);
export const Server = unavailable("Server", WHY);
export const rootCertificates = [];
export const DEFAULT_MIN_VERSION = "TLSv1.2";
export const DEFAULT_MAX_VERSION = "TLSv1.3";

export default {
  connect,
  createServer,
  createSecureContext,
  checkServerIdentity,
  TLSSocket,
  Server,
  rootCertificates,
  DEFAULT_MIN_VERSION,
  DEFAULT_MAX_VERSION,
};
