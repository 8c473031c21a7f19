/** `node:timers`. */
import { globals } from "ocg:web/timers";
import * as promises from "node:timers/promises";

export {
  clearImmediate,
  clearInterval,
  clearTimeout,
  setImmediate,
  setInterval,
  setTimeout,
} from "ocg:web/timers";
export { promises };
export default { ...globals, promises };
