// node:net: TCP under the network permit. Connections take the way that the `proxy` setting gives
// to https requests (a tunnel); local sockets (paths) are refused.

import { BlockList, isIP, isIPv4, isIPv6, SocketAddress } from "node:internal/net_address";
import { Server } from "node:internal/net_server";
import { connect, Socket } from "node:internal/net_socket";

export const createConnection = connect;
export const Stream = Socket;

export function createServer(options, listener) {
  return new Server(options, listener);
}

let autoSelectFamily = true;
let attemptTimeout = 250;

export function getDefaultAutoSelectFamily() {
  return autoSelectFamily;
}

export function setDefaultAutoSelectFamily(value) {
  autoSelectFamily = value;
}

export function getDefaultAutoSelectFamilyAttemptTimeout() {
  return attemptTimeout;
}

export function setDefaultAutoSelectFamilyAttemptTimeout(value) {
  attemptTimeout = value;
}

export { BlockList, connect, isIP, isIPv4, isIPv6, Server, Socket, SocketAddress };

export default {
  isIP,
  isIPv4,
  isIPv6,
  SocketAddress,
  BlockList,
  connect,
  createConnection,
  createServer,
  Socket,
  Stream,
  Server,
  getDefaultAutoSelectFamily,
  setDefaultAutoSelectFamily,
  getDefaultAutoSelectFamilyAttemptTimeout,
  setDefaultAutoSelectFamilyAttemptTimeout,
};
