/**
 * What becomes of the requests that a stretch of code makes, however deep inside and across its
 * awaits. It follows the context of ocg:web/async-context: where contexts are not carried (no
 * package of the isolate uses AsyncLocalStorage) it sees the code up to its first await only.
 */
import { capture, within } from "ocg:web/async-context";

/** The watch in the context. */
const KEY = Symbol("exchange watch");

/**
 * What happened last: how a request was answered, whether that was a refusal and no accident, or
 * why it got no answer; and the error that the code told of since the last request that succeeded.
 *
 * @typedef {{ status?: number, refused?: boolean, unsent?: boolean, complaint?: string }} Watch
 */

/** What an error's code says of a request that never left. */
const UNSENT = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT"];

/** Whether a request that failed has surely not reached anybody. @param {any} error */
export function surelyUnsent(error) {
  return [error, error?.cause].some(
    (one) => one?.syscall === "connect" || UNSENT.includes(one?.code),
  );
}

/**
 * Runs a function with a new watch.
 *
 * @param {Map<unknown, unknown>} context the context to run in
 * @param {(watch: Watch) => unknown} callback
 */
export function watched(context, callback) {
  /** @type {Watch} */
  const watch = {};
  return within(new Map([...context, [KEY, watch]]), callback, undefined, [watch]);
}

/** @returns {Watch | undefined} */
const current = () => capture().get(KEY);

/**
 * A request was answered. Success makes up for what went wrong before.
 *
 * @param {number} status
 * @param {string | null | undefined} contentType
 */
export function noteAnswer(status, contentType) {
  const watch = current();
  if (!watch) return;
  watch.status = status;
  watch.unsent = false;
  // Some platforms refuse with 500 and say in JSON why; an accident has no such body.
  const told = status === 500 && /\bjson\b/.test(contentType ?? "");
  watch.refused = (status >= 400 && status < 500) || told;
  if (status < 400) watch.complaint = undefined;
}

/** A request got no answer. @param {any} error */
export function noteNoAnswer(error) {
  const watch = current();
  if (!watch) return;
  watch.status = undefined;
  watch.unsent = surelyUnsent(error);
  watch.refused = false;
}

/** The code says that something went wrong. @param {string} text */
export function noteComplaint(text) {
  const watch = current();
  if (watch) watch.complaint = text;
}
