/** performance.now and what surrounds it. */
import { now } from "ocg:native/process";

const timeOrigin = Date.now() - now() / 1e6;
const entries = [];
const startOf = (mark) => entries.findLast((entry) => entry.name === mark)?.startTime;

class Performance {
  get timeOrigin() {
    return timeOrigin;
  }

  now() {
    return now() / 1e6;
  }

  mark(name, { startTime = this.now(), detail = null } = {}) {
    const entry = { name, entryType: "mark", startTime, duration: 0, detail };
    // Nobody may ever clear them.
    if (entries.length > 1000) entries.shift();
    entries.push(entry);
    return entry;
  }

  measure(name, from, to) {
    const startTime = startOf(from) ?? 0;
    const duration = (startOf(to) ?? this.now()) - startTime;
    return { name, entryType: "measure", startTime, duration, detail: null };
  }

  getEntries() {
    return [...entries];
  }

  getEntriesByName(name) {
    return entries.filter((entry) => entry.name === name);
  }

  clearMarks() {
    entries.length = 0;
  }

  clearMeasures() {}

  toJSON() {
    return { timeOrigin };
  }
}

export const performance = new Performance();
