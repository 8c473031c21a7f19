/** The gates that a message passes, one after the other (plugin contract §6.1). */
import { resolveCommandAuthorizedFromAuthorizers } from "openclaw/plugin-sdk/command-auth";
import { resolveInboundMentionDecision } from "openclaw/plugin-sdk/channel-mention-gating";

const gate = (id, phase, kind, effect, reasonCode, more = {}) => ({
  id,
  phase,
  kind,
  effect,
  allowed: effect === "allow" || effect === "ignore",
  reasonCode,
  ...more,
});

const match = (list) => ({ matched: list.matched, matchedEntryIds: list.matchedEntryIds });

/**
 * Passes the gates in order and stops at the first that is closed.
 *
 * @param {object} state lists and facts of the message
 * @param {object} policy
 */
export function decide(state, policy) {
  const gates = [];
  const closed = (admission, decision, by) => ({
    admission,
    decision,
    decisiveGateId: by.id,
    reasonCode: by.reasonCode,
    graph: { gates },
  });

  gates.push(...routeGates(state.routes));
  const blockedRoute = gates.find((one) => !one.allowed);
  if (blockedRoute) return closed("drop", "block", blockedRoute);

  const early =
    policy.activation?.order === "before-sender" && !policy.activation.allowTextCommands
      ? mentionGate(state, policy, true)
      : null;
  if (early) {
    gates.push(early);
    if (!early.allowed) return closed("skip", "allow", early);
  }

  const sender = senderGate(state, policy);
  gates.push(sender);
  if (sender.reasonCode === "dm_policy_pairing_required") {
    return closed("pairing-required", "pairing", sender);
  }
  if (!sender.allowed) return closed("drop", "block", sender);

  const command = commandGate(state, policy);
  gates.push(command);
  if (command.effect === "block-command") return closed("drop", "block", command);

  const event = eventGate(state, policy, sender, command);
  gates.push(event);
  if (!event.allowed) return closed("drop", "block", event);

  const mention = early ?? mentionGate(state, policy, command.allowed);
  if (!early) gates.push(mention);
  if (!mention.allowed) return closed("skip", "allow", mention);
  return closed("dispatch", "allow", mention);
}

function routeGates(routes) {
  const gates = routes.map((route) =>
    gate(
      route.id,
      "route",
      route.kind,
      route.effect,
      route.effect === "allow" ? "allowed" : "route_blocked",
      { match: route.match },
    ),
  );
  const empty = routes.find(
    (route) =>
      route.senderPolicy === "deny-when-empty" &&
      route.effect === "allow" &&
      !route.senders?.configured,
  );
  if (empty) {
    gates.push(
      gate(`${empty.id}:sender`, "route", "routeSender", "block-dispatch", "route_sender_empty", {
        match: empty.match,
      }),
    );
  }
  return gates;
}

function senderGate(state, policy) {
  const direct = state.conversationKind === "direct";
  const { allowed, reasonCode, list } = direct
    ? directSender(state, policy)
    : groupSender(state, policy);
  // Callbacks of other kinds than messages are judged by their own gates.
  const judged = allowed || state.event.authMode === "inbound";
  return gate(
    direct ? "sender:dm" : "sender:group",
    "sender",
    direct ? "dmSender" : "groupSender",
    allowed ? "allow" : judged ? "block-dispatch" : "ignore",
    judged ? reasonCode : "sender_not_required",
    {
      match: match(list),
      sender: { policy: direct ? policy.dmPolicy : policy.groupPolicy },
    },
  );
}

function directSender({ lists: { dm, pairingStore }, event }, { dmPolicy }) {
  const no = (reasonCode) => ({ allowed: false, reasonCode, list: dm });
  const yes = (reasonCode, list = dm) => ({ allowed: true, reasonCode, list });
  if (dmPolicy === "disabled") return no("dm_policy_disabled");
  if (dmPolicy === "open" && dm.wildcard) return yes("dm_policy_open");
  if (dm.matched) return yes("dm_policy_allowlisted");
  if (dmPolicy === "open") return no("dm_policy_not_allowlisted");
  if (dmPolicy !== "pairing") return no(dm.failure ?? "dm_policy_not_allowlisted");
  if (pairingStore.matched) return yes("dm_policy_allowlisted", pairingStore);
  return no(event.mayPair ? "dm_policy_pairing_required" : "event_pairing_not_allowed");
}

function groupSender({ groupSenders: list }, { groupPolicy }) {
  const no = (reasonCode) => ({ allowed: false, reasonCode, list });
  if (groupPolicy === "disabled") return no("group_policy_disabled");
  if (groupPolicy === "open") return { allowed: true, reasonCode: "group_policy_open", list };
  if (!list.configured) return no("group_policy_empty_allowlist");
  if (list.matched) return { allowed: true, reasonCode: "group_policy_allowed", list };
  return no(list.failure ?? "group_policy_not_allowlisted");
}

function commandGate({ lists: { commandOwner: owner, commandGroup: group } }, { command }) {
  if (!command) return gate("command", "command", "command", "allow", "command_authorized");
  const { useAccessGroups = true, modeWhenAccessGroupsOff, allowTextCommands } = command;
  const authorized = resolveCommandAuthorizedFromAuthorizers({
    useAccessGroups,
    modeWhenAccessGroupsOff,
    authorizers: [owner, group].map(({ configured, matched }) => ({
      configured,
      allowed: matched,
    })),
  });
  const shouldBlockControlCommand = allowTextCommands && command.hasControlCommand && !authorized;
  const opened = gate(
    "command",
    "command",
    "command",
    shouldBlockControlCommand ? "block-command" : "allow",
    shouldBlockControlCommand ? "control_command_unauthorized" : "command_authorized",
    {
      match: {
        matched: owner.matched || group.matched,
        matchedEntryIds: [...new Set([...owner.matchedEntryIds, ...group.matchedEntryIds])],
      },
      command: {
        useAccessGroups,
        allowTextCommands,
        modeWhenAccessGroupsOff,
        shouldBlockControlCommand,
      },
    },
  );
  // A message that gives no command passes, yet nobody is authorized by that.
  return { ...opened, allowed: authorized };
}

function eventGate(state, policy, sender, command) {
  const { authMode } = state.event;
  const at = (allowed, refusal = "event_unauthorized") =>
    gate(
      "event",
      "event",
      "event",
      allowed ? "allow" : "block-dispatch",
      allowed ? "event_authorized" : refusal,
      { event: state.event },
    );
  if (authMode === "none" || authMode === "route-only") return at(true);
  if (authMode === "command") return at(command.allowed);
  if (authMode !== "origin-subject") return at(sender.allowed);
  if (!state.event.hasOriginSubject) return at(false, "origin_subject_missing");
  return at(state.event.originSubjectMatched, "origin_subject_not_matched");
}

function mentionGate(state, policy, commandAuthorized) {
  const { activation } = policy;
  const facts = state.mentionFacts;
  const decision =
    activation && facts
      ? resolveInboundMentionDecision({
          facts,
          policy: {
            isGroup: state.conversationKind !== "direct",
            requireMention: activation.requireMention,
            implicitMentions: activation.implicitMentions,
            allowedImplicitMentionKinds: activation.allowedImplicitMentionKinds,
            allowTextCommands: activation.allowTextCommands,
            hasControlCommand: policy.command?.hasControlCommand ?? false,
            commandAuthorized,
          },
        })
      : {
          shouldSkip: false,
          effectiveWasMentioned:
            facts && (facts.wasMentioned || Boolean(facts.implicitMentionKinds?.length)),
        };
  const { shouldSkip, effectiveWasMentioned, shouldBypassMention } = decision;
  return gate(
    "activation",
    "activation",
    "mention",
    shouldSkip ? "skip" : "allow",
    shouldSkip ? "activation_skipped" : "activation_allowed",
    {
      activation: {
        hasMentionFacts: facts != null,
        requireMention: activation?.requireMention ?? false,
        allowTextCommands: activation?.allowTextCommands ?? false,
        shouldSkip,
        ...(effectiveWasMentioned === undefined ? {} : { effectiveWasMentioned }),
        ...(shouldBypassMention === undefined ? {} : { shouldBypassMention }),
      },
    },
  );
}
