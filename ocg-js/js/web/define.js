/** Puts values on the global object the way the platform does: writable, not enumerable. */
export function define(values) {
  for (const [name, value] of Object.entries(values)) {
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
  }
}

/** The same for a value that is made when it is first read. */
export function defineLazily(name, make) {
  const settle = (value) => {
    define({ [name]: value });
    return value;
  };
  Object.defineProperty(globalThis, name, {
    configurable: true,
    get: () => settle(make()),
    set: settle,
  });
}
