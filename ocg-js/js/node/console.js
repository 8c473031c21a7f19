/** `node:console`. */
import console from "ocg:web/console";

/** Every `Console` writes to the host's log, whatever streams it was given. */
export class Console {
  constructor() {
    Object.assign(this, console);
  }
}

export default Object.assign(Object.create(console), console, { Console });
export const { log, info, warn, error, debug, trace, dir, table, assert } = console;
