/** `node:console`. */
import console from "ocg:web/console";

/** Every `Console` writes to the host's log, whatever streams it was given. */
export function Console() {
  return Object.assign(Object.create(Console.prototype), console);
}

export default Object.assign(Object.create(console), console, { Console });
export const { log, info, warn, error, debug, trace, dir, table, assert } = console;
