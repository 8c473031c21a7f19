// node:tls: clients over rustls with the gateway's certificates. A plugin can trust certificates
// of its own (`ca`); `rejectUnauthorized: false` counts only for hosts that the operator opened.

import { unavailable } from "node:internal/errors";
import { connect, TLSSocket } from "node:internal/tls_socket";

export function createSecureContext(options = {}) {
  return { ca: options.ca, context: {} };
}

/** Rust checks the name during the handshake; whoever asks again is told the same. */
export function checkServerIdentity() {
  return undefined;
}

const WHY = "plugins cannot serve TLS";
export const createServer = unavailable("createServer", WHY);
export const Server = unavailable("Server", WHY);
export const rootCertificates = [];
export const DEFAULT_MIN_VERSION = "TLSv1.2";
export const DEFAULT_MAX_VERSION = "TLSv1.3";
export const DEFAULT_ECDH_CURVE = "auto";
export const DEFAULT_CIPHERS =
  "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256";

export function getCiphers() {
  return DEFAULT_CIPHERS.toLowerCase().split(":");
}

export { connect, TLSSocket };

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
  DEFAULT_ECDH_CURVE,
  DEFAULT_CIPHERS,
  getCiphers,
};
