// node:dgram: importable, but nothing in it works.

import { unavailable } from "node:internal/errors";

const WHY = "datagram sockets are not provided to plugins";
export const createSocket = unavailable("createSocket", WHY);
export const Socket = unavailable("Socket", WHY);

export default {
  createSocket,
  Socket,
};
