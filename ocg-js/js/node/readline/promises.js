// node:readline/promises

import { Interface as Lines } from "node:readline";
import { AbortError } from "node:internal/errors";

/** Defined at first use: node:readline imports this module. */
let Asking;

function asking() {
  Asking ??= class Interface extends Lines {
    question(query, options = {}) {
      return new Promise((resolve, reject) => {
        const { signal } = options;
        const abort = () => reject(new AbortError(undefined, { cause: signal.reason }));
        if (signal?.aborted) abort();
        else signal?.addEventListener("abort", abort, { once: true });
        super.question(query, options, resolve);
      });
    }
  };
  return Asking;
}

export function createInterface(input, output) {
  return new (asking())(input, output);
}

export default { createInterface };
