/**
 * Turns in progress: the gateway owns them, the plugin's callbacks live here.
 *
 * A turn begins when a plugin hands a message over and ends when the gateway settles it. Between
 * the two, the gateway calls `deliver`, `partial` and `typing`, one after the other.
 */
import { hostCall } from "ocg:host";
import { deliverOutbound, piecesOf } from "ocg:runtime/outbound";
import { findChannelPlugin, takesWholeAnswers } from "ocg:runtime/plugin-registry";
import { toInboundMessage } from "ocg:runtime/message";
import { preparePayload } from "ocg:runtime/payload";
import { capture } from "ocg:web/async-context";
import { surelyUnsent, watched } from "ocg:web/exchange-watch";
import { openRequests } from "ocg:web/outgoing";

/**
 * @typedef {{
 *   deliver: (payload: object, info: object) => Promise<unknown> | unknown,
 *   options: Record<string, any>,
 *   replyOptions: Record<string, any>,
 *   counts: { tool: number, block: number, final: number },
 *   settled: (result: object) => void,
 *   done: Promise<object>,
 *   ended: Promise<void>,
 *   end: () => void,
 *   owner: string,
 *   context: Map<unknown, unknown>,
 *   chat: { channel: string, account: string, to: string, thread: string | null },
 *   awaited: boolean,
 *   whole: boolean,
 *   said: string,
 *   typingTimer?: object,
 *   typingShown?: boolean,
 * }} Turn
 */

/** An answer that comes sooner needs no typing indicator. */
const TYPING_DELAY_MS = 250;

/** How long a plugin may take to finish an answer after it was given all of it. */
const FINISHING_MS = 2000;
/** A plugin that has sent nothing for this long has finished. */
const QUIET_MS = 100;

/** When the last turn that its plugin waited for was settled, by "channel/account". */
const lastAwaited = new Map();

/** @type {Map<number, Turn>} */
const turns = new Map();
let nextTurn = 1;

/**
 * Hands a message over. Resolves with the admission; the turn's end is `done`.
 *
 * @param {Record<string, any>} ctx
 * @param {Record<string, any>} options the plugin's dispatcher options
 * @param {Record<string, any>} replyOptions
 * @param {boolean} awaited whether the plugin waits for the turn's end and then goes on
 */
export async function beginTurn(ctx, options, replyOptions, awaited) {
  const id = nextTurn++;
  let settled, end;
  const done = new Promise((resolve) => (settled = resolve));
  const ended = new Promise((resolve) => (end = resolve));
  const counts = { tool: 0, block: 0, final: 0 };
  const message = toInboundMessage(ctx, replyOptions);
  const owner = `${message.channel}/${message.account}`;
  const { channel, account } = message;
  turns.set(id, {
    deliver: options.deliver,
    options,
    replyOptions,
    counts,
    settled,
    done,
    ended,
    end,
    owner,
    awaited,
    whole: takesWholeAnswers(findChannelPlugin(channel)),
    said: "",
    context: capture(),
    chat: { channel, account, to: message.chat.id, thread: message.chat.thread },
  });
  let admission;
  try {
    admission = await hostCall("turn.submit", { turn: id, ...message });
  } catch (error) {
    turns.delete(id);
    throw error;
  }
  // A message that was delivered again is answered by its first turn: the plugin is done with it.
  const adopted = admission.kind === "accepted" || admission.kind === "duplicate";
  // The gateway still has something to tell those whom it turns away, and ends their turns itself.
  const open = ["accepted", "pairing-required", "busy"].includes(admission.kind);
  if (!open) await settle({ turn: id, outcome: "silent" });
  const lifecycle = replyOptions.turnAdoptionLifecycle;
  await (adopted ? lifecycle?.onAdopted?.() : lifecycle?.onAbandoned?.());
  return { admission, done };
}

/**
 * Waits until every open turn of an account has ended, those apart whose agent answers later.
 *
 * @param {string} owner "channel/account"
 */
export async function turnsEnded(owner) {
  const open = [...turns.values()].filter((turn) => turn.owner === owner);
  await Promise.all(open.map((turn) => turn.ended));
}

/**
 * Waits until a plugin has finished what it does after a turn, where it waits for the turn's end:
 * DingTalk's card, for one, is completed only then.
 *
 * @param {string} owner "channel/account"
 */
export async function answersFinished(owner) {
  const until = (lastAwaited.get(owner) ?? 0) + FINISHING_MS;
  let quietSince = Date.now();
  while (Date.now() < until && Date.now() - quietSince < QUIET_MS) {
    await new Promise((resolve) => setTimeout(resolve, QUIET_MS / 4));
    if (openRequests() > 0) quietSince = Date.now();
  }
}

/** @param {number} id */
function turnOf(id) {
  const turn = turns.get(id);
  if (!turn) throw new Error(`turn ${id} has ended`);
  return turn;
}

/**
 * Gives one payload to the plugin. A failure comes back as a value, with what is known of it.
 *
 * The plugin's onError is not called: what it would tell the chat user is the raw error, and the
 * gateway tells the user and the operator itself. A plugin that logs an error, and nothing that
 * succeeds follows, has failed as well, though it does not say so (QQ's deliver never throws).
 *
 * An answer that the platform refuses goes as a message of its own: platforms take answers to one
 * message for a while and only so many (QQ: five).
 *
 * @param {{ turn: number, payload: object, kind: "block" | "final" }} params
 */
export async function deliver({ turn: id, payload, kind }) {
  const turn = turnOf(id);
  const prepared = await preparePayload(payload, turn.options, kind);
  if (!prepared) return { delivered: false };
  const info = {
    kind,
    assertPlatformSendAuthorized() {},
    async onPlatformSendDispatch() {},
  };
  const payloadSoFar = turn.whole ? withWhatWasSaid(turn, prepared) : prepared;
  const failure = await watched(turn.context, (watch) => attempt(turn, payloadSoFar, info, watch));
  if (failure) {
    const sent = failure.refused && (await sendByItself(turn, prepared, failure));
    if (!sent) return { failed: failure };
  }
  turn.said = payloadSoFar.text || turn.said;
  turn.counts[kind] += 1;
  return { delivered: true };
}

/** The payload with what the user was told before it, for plugins that send what is new of a text. */
function withWhatWasSaid({ said }, payload) {
  return said && payload.text ? { ...payload, text: `${said}\n\n${payload.text}` } : payload;
}

/** What is known of the failure, if the plugin's deliver fails. */
async function attempt(turn, payload, info, watch) {
  try {
    const result = await turn.deliver(payload, info);
    await result?.finalization;
  } catch (error) {
    return describeFailure(error, watch);
  }
  return watch.complaint ? describeFailure(new Error(watch.complaint), watch) : null;
}

/** Sends the payload through the outbound adapter. Says whether that went well. */
async function sendByItself(turn, payload, failure) {
  const outbound = findChannelPlugin(turn.chat.channel)?.outbound;
  if (!outbound?.sendText) return false;
  const { text = "", mediaUrls: media = [] } = payload;
  // Of several messages the first ones may have arrived.
  if (piecesOf(outbound, text).length + media.length > 1) return false;
  try {
    await deliverOutbound({ ...turn.chat, replyTo: null, text, media });
    console.info(`not taken as an answer, sent as a message of its own: ${failure.reason}`);
    return true;
  } catch (error) {
    console.warn(`not taken as a message of its own either: ${error}`);
    return false;
  }
}

/**
 * What an error of a plugin's send, and what happened before it, say of the message: surely not
 * sent, refused for good, or unknown.
 */
function describeFailure(error, watch) {
  const neverSent =
    error?.name === "PlatformMessageNotDispatchedError" ||
    watch.unsent === true ||
    surelyUnsent(error);
  const cause = error?.cause?.message ? ` (${error.cause.message})` : "";
  const tooMany = watch.status === 429;
  return {
    reason: `${error?.message ?? error}${cause}`,
    retryable: neverSent || tooMany,
    refused: watch.refused === true && !tooMany,
  };
}

/** @param {{ turn: number, text: string }} params */
export async function partial({ turn: id, text }) {
  await turnOf(id).replyOptions.onPartialReply?.({ text });
}

/**
 * Shows or hides the typing indicator. It is shown only when an answer takes a moment: nobody sees
 * it flash, and two calls to the platform for each quick answer are saved.
 *
 * @param {{ turn: number, on: boolean }} params
 */
export function typing({ turn: id, on }) {
  const turn = turns.get(id);
  if (!turn) return;
  clearTimeout(turn.typingTimer);
  if (on) {
    turn.typingTimer = setTimeout(() => showTyping(turn), TYPING_DELAY_MS);
  } else if (turn.typingShown) {
    hideTyping(turn);
  }
}

function showTyping(turn) {
  turn.typingShown = true;
  for (const start of [turn.options.typingCallbacks?.onReplyStart, turn.options.onReplyStart]) {
    Promise.resolve(start?.()).catch((error) => console.warn(`typing indicator: ${error}`));
  }
}

function hideTyping(turn) {
  turn.options.typingCallbacks?.onIdle?.();
  turn.options.typingCallbacks?.onCleanup?.();
}

/**
 * The agent answers later. The plugin need not wait for that: what awaits the hand-off goes on,
 * unless it would end the answer (DingTalk would say "Done"). An account can stop in any case.
 * `deliver` and `typing` work until the turn is settled.
 *
 * @param {{ turn: number }} params
 */
export function defer({ turn: id }) {
  const turn = turns.get(id);
  if (!turn) return;
  turn.end();
  if (turn.whole && turn.awaited) return;
  turn.settled({ queuedFinal: false, counts: { ...turn.counts }, outcome: "deferred" });
}

/** @param {{ turn: number, outcome: string }} params */
export async function settle({ turn: id, outcome }) {
  const turn = turns.get(id);
  if (!turn) return;
  turns.delete(id);
  if (turn.awaited) lastAwaited.set(turn.owner, Date.now());
  turn.end();
  // The gateway stops and answers after its next start: the plugin must not say that it is done.
  if (outcome === "cancelled" && turn.whole && turn.awaited) return;
  const result = { queuedFinal: turn.counts.final > 0, counts: turn.counts, outcome };
  turn.settled(result);
  turn.options.onIdle?.();
  turn.options.onCleanup?.();
  await turn.options.onSettled?.(result);
}
