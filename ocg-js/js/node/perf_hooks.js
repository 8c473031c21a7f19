// node:perf_hooks: the clock; nothing is recorded.

const origin = Date.now();

export const performance = globalThis.performance ?? {
  timeOrigin: origin,
  now: () => Date.now() - origin,
  mark: () => undefined,
  measure: () => undefined,
  clearMarks: () => undefined,
  clearMeasures: () => undefined,
  getEntries: () => [],
  getEntriesByName: () => [],
  getEntriesByType: () => [],
  timerify: (callback) => callback,
  eventLoopUtilization: () => ({ idle: 0, active: 0, utilization: 0 }),
  toJSON: () => ({ timeOrigin: origin }),
};

export class PerformanceObserver {
  static supportedEntryTypes = [];
  observe() {}
  disconnect() {}
  takeRecords() {
    return [];
  }
}

export function monitorEventLoopDelay() {
  return {
    enable: () => false,
    disable: () => false,
    reset() {},
    min: 0,
    max: 0,
    mean: 0,
    stddev: 0,
    percentile: () => 0,
  };
}

export const constants = Object.freeze({});

export default { performance, PerformanceObserver, monitorEventLoopDelay, constants };
