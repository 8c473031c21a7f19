// Time without activity on a socket.

import { clearTimeout, setTimeout } from "ocg:web/timers";

/** Calls back when nothing happened for a while. Activity costs no timer, only a look at the clock. */
export class IdleTimer {
  #callback;
  #limit = 0;
  #last = 0;
  #timer;

  constructor(callback) {
    this.#callback = callback;
  }

  set(milliseconds) {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#limit = milliseconds > 0 && Number.isFinite(milliseconds) ? milliseconds : 0;
    this.#last = performance.now();
    this.#wait(this.#limit);
  }

  touch() {
    if (this.#limit === 0) return;
    this.#last = performance.now();
    // It went off, and life came back.
    if (!this.#timer) this.#wait(this.#limit);
  }

  stop() {
    this.set(0);
  }

  #wait(milliseconds) {
    if (this.#limit === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      const left = this.#last + this.#limit - performance.now();
      if (left > 0.5) this.#wait(Math.ceil(left));
      else this.#callback();
    }, milliseconds);
  }
}
