// node:tty

import * as native from "ocg:native/os";
import { unavailable } from "node:internal/errors";

export function isatty(fd) {
  return Number.isInteger(fd) && fd >= 0 && fd <= 2 && native.isatty(fd);
}

const WHY = "terminals belong to the gateway";
export const ReadStream = unavailable("ReadStream", WHY);
export const WriteStream = unavailable("WriteStream", WHY);

export default { isatty, ReadStream, WriteStream };
