/** Timers and microtasks as globals. */
import { bind } from "ocg:web/async-context";
import { define } from "ocg:web/define";
import { reportError } from "ocg:native/console";
import * as timers from "ocg:web/timers";

const enqueue = globalThis.queueMicrotask;

define({
  ...timers.globals,
  /** An error must not be lost with the job that it ended. */
  queueMicrotask(callback) {
    if (typeof callback !== "function") {
      throw new TypeError("queueMicrotask() takes a function");
    }
    const bound = bind(callback);
    enqueue(() => {
      try {
        bound();
      } catch (error) {
        reportError("uncaught error in a microtask", error);
      }
    });
  },
});
