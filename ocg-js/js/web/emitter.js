/** A small event emitter for `process` and its streams, which must exist before `node:events`. */
export class Emitter {
  #listeners = new Map();

  #add(event, listener, once, first = false) {
    const list = this.#listeners.get(event) ?? [];
    const entry = { listener, once };
    this.#listeners.set(event, first ? [entry, ...list] : [...list, entry]);
    return this;
  }

  on(event, listener) {
    return this.#add(event, listener, false);
  }

  once(event, listener) {
    return this.#add(event, listener, true);
  }

  prependListener(event, listener) {
    return this.#add(event, listener, false, true);
  }

  off(event, listener) {
    const list = this.#listeners.get(event) ?? [];
    const at = list.findLastIndex((entry) => entry.listener === listener);
    if (at >= 0) this.#listeners.set(event, list.toSpliced(at, 1));
    return this;
  }

  addListener(event, listener) {
    return this.on(event, listener);
  }

  removeListener(event, listener) {
    return this.off(event, listener);
  }

  removeAllListeners(event) {
    if (event === undefined) this.#listeners.clear();
    else this.#listeners.delete(event);
    return this;
  }

  emit(event, ...args) {
    const list = this.#listeners.get(event) ?? [];
    for (const { listener, once } of list) {
      if (once) this.off(event, listener);
      listener.apply(this, args);
    }
    return list.length > 0;
  }

  listeners(event) {
    return (this.#listeners.get(event) ?? []).map((entry) => entry.listener);
  }

  listenerCount(event) {
    return this.listeners(event).length;
  }

  eventNames() {
    return [...this.#listeners.keys()].filter((event) => this.listenerCount(event) > 0);
  }

  setMaxListeners() {
    return this;
  }

  getMaxListeners() {
    return Infinity;
  }
}
