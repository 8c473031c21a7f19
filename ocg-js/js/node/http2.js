// node:http2: importable, but nothing in it works.

import { unavailable } from "node:internal/errors";

const WHY = "HTTP/2 sessions are not provided to plugins, use fetch";
export const connect = unavailable("connect", WHY);
export const createServer = unavailable("createServer", WHY);
export const createSecureServer = unavailable("createSecureServer", WHY);
export const getDefaultSettings = unavailable("getDefaultSettings", WHY);
export const constants = Object.freeze({
  HTTP2_HEADER_STATUS: ":status",
  HTTP2_HEADER_METHOD: ":method",
  HTTP2_HEADER_PATH: ":path",
  HTTP2_HEADER_AUTHORITY: ":authority",
  HTTP2_HEADER_SCHEME: ":scheme",
  NGHTTP2_CANCEL: 8,
  NGHTTP2_NO_ERROR: 0,
});

export default {
  connect,
  createServer,
  createSecureServer,
  getDefaultSettings,
  constants,
};
