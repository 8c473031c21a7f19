/** Runs a function after the current one, before any timer. */
export function nextTick(callback, ...args) {
  const tick = globalThis.process?.nextTick;
  if (tick) tick(callback, ...args);
  else queueMicrotask(() => callback(...args));
}
