/** The `channel.inbound` branch: hand-off generations C and D (plugin contract §3.2). */
import { buildChannelInboundEventContext } from "ocg:runtime/inbound-context";
import {
  createChannelIngressResolver,
  resolveChannelMessageIngress,
  resolveStableChannelMessageIngress,
} from "ocg:runtime/ingress";
import { dispatchReplyWithBufferedBlockDispatcher } from "ocg:runtime/reply";
import { recordInboundSession } from "ocg:runtime/session";

const drop = (reason) => ({ admission: { kind: "drop", reason }, dispatched: false });

/**
 * Generation C: takes an event through the plugin's adapter and dispatches its turn.
 *
 * @param {{ channel: string, accountId?: string, raw: unknown, adapter: Record<string, Function>,
 *   turnAdoptionLifecycle?: object }} params
 */
export async function runChannelInboundEvent(params) {
  const { adapter } = params;
  const input = await adapter.ingest(params.raw);
  if (!input) return drop("ingest-null");
  const kind = (await adapter.classify?.(input)) ?? { kind: "message", canStartAgentTurn: true };
  if (!kind.canStartAgentTurn) {
    return { admission: { kind: "handled", reason: `event:${kind.kind}` }, dispatched: false };
  }
  const preflight = asPreflight(await adapter.preflight?.(input, kind));
  const admission = preflight.admission;
  if (admission && ["drop", "handled"].includes(admission.kind)) {
    return { admission, dispatched: false };
  }
  const plan = await adapter.resolveTurn(input, kind, preflight);
  let result;
  try {
    result = await dispatchChannelInboundTurn({
      ...plan,
      admission: plan.admission ?? admission,
      turnAdoptionLifecycle: plan.turnAdoptionLifecycle ?? params.turnAdoptionLifecycle,
    });
  } catch (error) {
    const failed = {
      admission: { kind: "dispatch" },
      dispatched: false,
      ctxPayload: plan.ctxPayload,
    };
    await adapter.onFinalize?.({ ...failed, routeSessionKey: sessionKeyOf(plan), error });
    throw error;
  }
  await adapter.onFinalize?.(result);
  return result;
}

/** An admission may come alone or among other facts. */
function asPreflight(value) {
  if (!value) return {};
  return "kind" in value ? { admission: value } : value;
}

function sessionKeyOf(plan) {
  return plan.routeSessionKey ?? plan.route?.sessionKey ?? plan.ctxPayload?.SessionKey;
}

/**
 * Generation D: records the session of a turn, dispatches it and clears the chat's pending history.
 *
 * The plan is routed (has `route` and `delivery`), prepared (has `runDispatch`) or assembled (has
 * the dispatcher itself).
 *
 * @param {Record<string, any>} plan
 */
export async function dispatchChannelInboundTurn(plan) {
  const { ctxPayload, record = {}, history } = plan;
  const routeSessionKey = sessionKeyOf(plan);
  try {
    await recordSession(plan, record, routeSessionKey);
    await plan.afterRecord?.();
    const dispatchResult = await dispatch(plan);
    const admission = plan.admission ?? { kind: "dispatch" };
    return { admission, dispatched: true, ctxPayload, routeSessionKey, dispatchResult };
  } finally {
    if (history?.isGroup && history.historyKey && history.limit > 0) {
      history.historyMap?.set(history.historyKey, []);
    }
  }
}

async function recordSession(plan, record, routeSessionKey) {
  try {
    await (plan.recordInboundSession ?? recordInboundSession)({
      storePath: plan.storePath,
      sessionKey: record.sessionKey ?? plan.ctxPayload?.SessionKey ?? routeSessionKey,
      ctx: plan.ctxPayload,
      ...record,
    });
  } catch (error) {
    // A session that cannot be noted costs the message's elapsed time, not the message.
    record.onRecordError?.(error);
  }
}

function dispatch(plan) {
  if (plan.runDispatch) return plan.runDispatch();
  const run =
    plan.dispatchReplyWithBufferedBlockDispatcher ?? dispatchReplyWithBufferedBlockDispatcher;
  const lifecycle = plan.turnAdoptionLifecycle;
  return run({
    ctx: plan.ctxPayload,
    cfg: plan.cfg,
    dispatcherOptions: {
      ...plan.replyPipeline,
      ...plan.dispatcherOptions,
      ...(plan.delivery ? dispatcherOf(plan.delivery) : {}),
    },
    replyOptions: {
      ...(lifecycle ? { turnAdoptionLifecycle: lifecycle } : {}),
      ...plan.replyOptions,
    },
  });
}

/** A plan's delivery as dispatcher options. */
function dispatcherOf(delivery) {
  const send = delivery.deliver ?? delivery.deliverWithProviderMessageSending;
  return {
    async deliver(payload, info) {
      const prepared = delivery.preparePayload
        ? await delivery.preparePayload(payload, info)
        : payload;
      if (!prepared) return { visibleReplySent: false };
      const result = await send(prepared, info);
      await delivery.onDelivered?.(prepared, info, result);
      return result;
    },
    onError: delivery.onError,
  };
}

export const inbound = {
  run: runChannelInboundEvent,
  dispatch: dispatchChannelInboundTurn,
  buildContext: buildChannelInboundEventContext,
  ingress: {
    createResolver: createChannelIngressResolver,
    resolve: resolveChannelMessageIngress,
    resolveStable: resolveStableChannelMessageIngress,
  },
};
