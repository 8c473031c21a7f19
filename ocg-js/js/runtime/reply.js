/** The `channel.reply` branch: the hand-offs of plugins (plugin contract §3.1, §3.2). */
import {
  formatAgentEnvelope,
  formatInboundEnvelope,
  resolveEnvelopeFormatOptions,
} from "ocg:runtime/envelope";
import { finalizeInboundContext } from "ocg:runtime/message";
import { beginTurn } from "ocg:runtime/turns";

/** The options a dispatcher of ours was made with. @type {WeakMap<object, object>} */
const optionsOf = new WeakMap();

const NOTHING_QUEUED = { tool: 0, block: 0, final: 0 };

/** Generation A, first half: a dispatcher that only carries the plugin's callbacks. */
function createReplyDispatcherWithTyping(options) {
  const dispatcher = createDispatcher(options);
  return {
    dispatcher,
    replyOptions: {},
    // Typing goes on until the turn really ends, so the plugin's own ends of it are ignored.
    markDispatchIdle() {},
    markRunComplete() {},
  };
}

function createDispatcher(options) {
  let chain = Promise.resolve();
  const counts = { ...NOTHING_QUEUED };
  const failed = { ...NOTHING_QUEUED };
  const queue = (kind) => (payload) => {
    counts[kind] += 1;
    chain = chain
      .then(() => options.deliver(payload, { kind }))
      .catch((error) => {
        failed[kind] += 1;
        options.onError?.(error, { kind });
      });
    return true;
  };
  const dispatcher = {
    sendToolResult: queue("tool"),
    sendBlockReply: queue("block"),
    sendFinalReply: queue("final"),
    waitForIdle: () => chain,
    getQueuedCounts: () => ({ ...counts }),
    getFailedCounts: () => ({ ...failed }),
    markComplete() {},
  };
  optionsOf.set(dispatcher, options);
  return dispatcher;
}

/** Runs `run` with a dispatcher and waits for what was queued on it. */
async function withReplyDispatcher({ dispatcher, run, onSettled }) {
  try {
    return await run();
  } finally {
    dispatcher.markComplete();
    await dispatcher.waitForIdle();
    await onSettled?.();
  }
}

/**
 * Generation A, second half: hands the message over and returns at once, because plugins of this
 * generation await it inside their receive loop, where a slow agent would stop every chat.
 */
async function dispatchReplyFromConfig({ ctx, dispatcher, replyOptions = {} }) {
  const options = optionsOf.get(dispatcher) ?? adoptDispatcher(dispatcher);
  await beginTurn(ctx, options, replyOptions, false);
  return { queuedFinal: false, counts: { ...NOTHING_QUEUED } };
}

/** A dispatcher that the plugin made itself: replies go through its own methods. */
function adoptDispatcher(dispatcher) {
  return {
    async deliver(payload, { kind }) {
      if (kind === "final") dispatcher.sendFinalReply(payload);
      else dispatcher.sendBlockReply(payload);
      await dispatcher.waitForIdle?.();
    },
    onSettled: () => dispatcher.markComplete?.(),
  };
}

/** Generation B: the plugin waits for the whole turn and reads its result. */
export async function dispatchReplyWithBufferedBlockDispatcher({
  ctx,
  dispatcherOptions,
  replyOptions,
}) {
  const { done } = await beginTurn(ctx, dispatcherOptions, replyOptions ?? {}, true);
  return done;
}

export const reply = {
  finalizeInboundContext,
  createReplyDispatcherWithTyping,
  withReplyDispatcher,
  dispatchReplyFromConfig,
  dispatchReplyWithBufferedBlockDispatcher,
  formatAgentEnvelope,
  formatInboundEnvelope,
  resolveEnvelopeFormatOptions,
  resolveHumanDelayConfig: () => undefined,
  resolveEffectiveMessagesConfig: (cfg) => ({
    messagePrefix: "",
    responsePrefix: cfg?.messages?.responsePrefix,
  }),
};
