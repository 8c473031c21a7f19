// What runs in a worker: its module, until nothing is left to do.

import process from "node:process";
import { parentPort } from "node:worker_threads";
import { exit } from "ocg:native/process";
import { seat } from "ocg:native/workers";
import { hasReferencedTimers } from "ocg:web/timers";

/** How often a worker that nobody can reach any more looks whether its timers are through. */
const CHECK_MS = 20;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms).unref());

await import(seat.entry);
do {
  await pause(CHECK_MS);
} while (parentPort.isListening || hasReferencedTimers());
exit(Number(process.exitCode) || 0);
