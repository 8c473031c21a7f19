// node:worker_threads: importable, but nothing in it works.

import { unavailable } from "node:internal/errors";

const WHY = "workers are not available to plugins yet";
export const Worker = unavailable("Worker", WHY);
export const MessageChannel = unavailable("MessageChannel", WHY);
export const MessagePort = unavailable("MessagePort", WHY);
export const BroadcastChannel = unavailable("BroadcastChannel", WHY);
export const moveMessagePortToContext = unavailable("moveMessagePortToContext", WHY);
export const receiveMessageOnPort = unavailable("receiveMessageOnPort", WHY);
export const isMainThread = true;
export const parentPort = null;
export const workerData = null;
export const threadId = 0;
export const resourceLimits = {};
export const SHARE_ENV = Symbol.for("nodejs.worker_threads.SHARE_ENV");

export function markAsUncloneable() {}

export function markAsUntransferable() {}

export function getEnvironmentData() {
  return undefined;
}

export function setEnvironmentData() {}

export default {
  Worker,
  MessageChannel,
  MessagePort,
  BroadcastChannel,
  moveMessagePortToContext,
  receiveMessageOnPort,
  isMainThread,
  parentPort,
  workerData,
  threadId,
  resourceLimits,
  SHARE_ENV,
  markAsUncloneable,
  markAsUntransferable,
  getEnvironmentData,
  setEnvironmentData,
};
