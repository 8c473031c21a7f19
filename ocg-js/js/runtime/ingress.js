/** Who may do what with the bot: the resolver that channels ask (plugin contract §6.1). */
import { parseAccessGroupAllowFromEntry } from "openclaw/plugin-sdk/access-groups";
import { normalizeStringEntries } from "openclaw/plugin-sdk/string-coerce-runtime";
import { decide } from "ocg:runtime/ingress-gates";
import { createMatcher, defineStableChannelIngressIdentity } from "ocg:runtime/ingress-identity";
import { applyList, mergeLists } from "ocg:runtime/ingress-list";
import { readAllowFromStore } from "ocg:runtime/pairing";

/**
 * A resolver for the messages, commands and other events of one account.
 *
 * @param {Record<string, any>} base
 */
export function createChannelIngressResolver(base) {
  return {
    message: (input) => resolveEvent(base, input, {}),
    command: (input) => resolveEvent(base, input, { authMode: "command", mayPair: false }),
    event: (input) => resolveEvent(base, input, { mayPair: false }),
  };
}

function resolveEvent(base, input, defaults) {
  const { policy = {} } = input;
  const direct = input.conversation.kind === "direct";
  return resolveChannelMessageIngress({
    ...base,
    ...input,
    event: { kind: "message", authMode: "inbound", mayPair: direct, ...defaults, ...input.event },
    policy: {
      dmPolicy: input.dmPolicy ?? base.defaultDmPolicy ?? "pairing",
      groupPolicy: input.groupPolicy ?? base.defaultGroupPolicy ?? "disabled",
      groupAllowFromFallbackToAllowFrom:
        policy.groupAllowFromFallbackToAllowFrom ?? base.groupAllowFromFallbackToAllowFrom,
      minIdentifierAuthentication:
        policy.minIdentifierAuthentication ?? base.minIdentifierAuthentication,
      mutableIdentifierMatching: policy.mutableIdentifierMatching ?? base.mutableIdentifierMatching,
      ...(policy.activation ? { activation: policy.activation } : {}),
    },
    accessGroups: base.accessGroups ?? base.cfg?.accessGroups,
    accessGroupMembership: [
      ...(base.accessGroupMembership ?? []),
      ...(input.accessGroupMembership ?? []),
    ],
    command: commandOf(input.command, base),
  });
}

function commandOf(command, base) {
  if (!command || command.requested === false) return undefined;
  const { requested: _requested, cfg: _cfg, ...rest } = command;
  return {
    ...rest,
    useAccessGroups: command.useAccessGroups ?? base.useAccessGroups ?? true,
    allowTextCommands: command.allowTextCommands ?? false,
    hasControlCommand: command.hasControlCommand ?? true,
  };
}

/** Resolves one event whose identity is one stable id. */
export function resolveStableChannelMessageIngress(params) {
  const identity = defineStableChannelIngressIdentity(params.identity);
  return createChannelIngressResolver({ ...params, identity }).message(params);
}

/**
 * Resolves one event whose policy is complete.
 *
 * @param {Record<string, any>} params
 */
export async function resolveChannelMessageIngress(params) {
  const channelId = String(params.channelId).trim().toLowerCase();
  const direct = params.conversation.kind === "direct";
  const allowFrom = normalizeStringEntries(params.allowFrom);
  const groupAllowFrom = normalizeStringEntries(params.groupAllowFrom);
  const stored = normalizeStringEntries(await storedSenders(params, channelId));
  const routes = routesOf(params);
  const matcher = createMatcher(params.identity, params.subject);
  const minimum =
    params.policy.minIdentifierAuthentication ??
    (params.policy.mutableIdentifierMatching === "enabled" ? "mutable" : "asserted");
  const used = [allowFrom, groupAllowFrom, stored, ...routes.map((r) => r.senderAllowFrom ?? [])];
  const commandOwners = params.command?.commandOwnerAllowFrom ?? [];
  const membership = await membershipOf(params, channelId, [...used, commandOwners].flat());
  const apply = (entries, context) =>
    applyList(entries, {
      matcher,
      channelId,
      accessGroups: params.accessGroups,
      membership,
      minimum,
      context,
    });

  const groupList = (fallback) =>
    groupAllowFrom.length > 0 || fallback === false ? groupAllowFrom : allowFrom;
  const groupEntries = groupList(params.policy.groupAllowFromFallbackToAllowFrom);
  const usesStore = usesPairingStore(params.policy.dmPolicy);
  const directEntries = [...new Set([...allowFrom, ...(usesStore ? stored : [])])];
  const commandGroups = groupList(
    params.command?.commandGroupAllowFromFallbackToAllowFrom ??
      params.policy.groupAllowFromFallbackToAllowFrom,
  );
  const lists = {
    dm: apply(allowFrom, "dm"),
    group: apply(groupEntries, "group"),
    pairingStore: apply(stored, "dm"),
    commandOwner: apply(ownersOf(params.command, direct, allowFrom, directEntries), "command"),
    commandGroup: apply(
      !direct || params.command?.directGroupAllowFrom === "effective" ? commandGroups : [],
      "command",
    ),
  };
  for (const route of routes) {
    const entries =
      route.senderAllowFrom ??
      (route.senderAllowFromSource === "effective-dm"
        ? allowFrom
        : route.senderAllowFromSource === "effective-group"
          ? groupEntries
          : undefined);
    if (entries) route.senders = apply(entries, "route");
  }
  const state = {
    conversationKind: params.conversation.kind,
    event: eventFacts(params.event, matcher),
    mentionFacts: params.mentionFacts,
    routes,
    lists,
    groupSenders: groupSendersOf(lists, routes, params.policy),
  };
  const policy = params.command ? { ...params.policy, command: params.command } : params.policy;
  const ingress = decide(state, policy);
  const shown = (sources, list) => shownEntries(sources, list, matcher, params);
  return {
    ingress,
    senderAccess: senderAccess(ingress, {
      effectiveAllowFrom: shown([allowFrom, usesStore ? stored : []], lists.dm),
      effectiveGroupAllowFrom: shown([groupEntries], lists.group),
      providerMissingFallbackApplied: params.providerMissingFallbackApplied ?? false,
    }),
    routeAccess: routeAccess(ingress, [params.route ?? []].flat().filter(Boolean)),
    commandAccess: commandAccess(ingress, policy.command),
    activationAccess: activationAccess(ingress),
  };
}

const usesPairingStore = (dmPolicy) => dmPolicy !== "allowlist" && dmPolicy !== "open";

/** The approved senders, where the policy asks for them. A store that fails is empty. */
async function storedSenders(params, channelId) {
  const { dmPolicy } = params.policy;
  if (params.conversation.kind !== "direct" || !usesPairingStore(dmPolicy)) return [];
  const { readStoreAllowFrom, useDefaultPairingStore, accountId } = params;
  const source = { channel: channelId, channelId, provider: channelId, accountId, dmPolicy };
  try {
    if (readStoreAllowFrom) return await readStoreAllowFrom(source);
    return useDefaultPairingStore ? await readAllowFromStore(source) : [];
  } catch {
    return [];
  }
}

/** What is known of the sender's membership in groups that only the channel can look into. */
async function membershipOf(params, channelId, entries) {
  const known = new Map();
  const resolve = params.resolveAccessGroupMembership;
  const names = new Set(
    entries.map((entry) => parseAccessGroupAllowFromEntry(String(entry))).filter(Boolean),
  );
  for (const name of resolve ? names : []) {
    const group = params.accessGroups?.[name];
    if (!group || group.type === "message.senders") continue;
    const { accountId, subject } = params;
    try {
      const isMember = await resolve({ name, group, channelId, accountId, subject });
      known.set(name, isMember ? "matched" : "not-matched");
    } catch {
      known.set(name, "failed");
    }
  }
  for (const fact of params.accessGroupMembership ?? []) known.set(fact.groupName, fact.kind);
  return known;
}

/** Routes as facts, in order of precedence. */
function routesOf({ route, routeFacts = [] }) {
  const described = [route ?? []].flat().filter(Boolean).flatMap(describeRoute);
  return [...described, ...routeFacts.map((fact) => ({ ...fact }))].toSorted(
    (a, b) => (a.precedence ?? 0) - (b.precedence ?? 0) || a.id.localeCompare(b.id),
  );
}

function describeRoute(route) {
  if (route.configured === false) return [];
  const judged = route.enabled === false ? false : route.allowed;
  const required = route.senderPolicy === "deny-when-empty";
  const hasSenders = route.senderAllowFrom != null || route.senderAllowFromSource != null;
  if (judged === undefined && !required && !hasSenders) return [];
  const matched = route.matched ?? route.allowed ?? route.enabled !== false;
  return [
    {
      id: route.id,
      kind: judged === undefined && !required ? "routeSender" : (route.kind ?? "route"),
      effect: judged === false ? "block-dispatch" : "allow",
      precedence: route.precedence ?? 0,
      senderPolicy: route.senderPolicy ?? "inherit",
      senderAllowFrom: route.senderAllowFrom,
      senderAllowFromSource: route.senderAllowFromSource,
      match: { matched, matchedEntryIds: matched && route.matchId ? [route.matchId] : [] },
    },
  ];
}

/** The list that a group's senders are held against, with what routes add to it or put in its place. */
function groupSendersOf(lists, routes, policy) {
  const fallback = policy.groupAllowFromFallbackToAllowFrom && !lists.group.configured;
  let senders = fallback ? lists.dm : lists.group;
  for (const route of routes) {
    if (route.effect !== "allow" || !route.senders) continue;
    const inherits = route.senderPolicy === "inherit";
    senders = inherits ? mergeLists([senders, route.senders]) : route.senders;
  }
  return senders;
}

function ownersOf(command, direct, configured, effective) {
  if (command?.commandOwnerAllowFrom != null) return command.commandOwnerAllowFrom;
  if (direct) return effective;
  return command?.groupOwnerAllowFrom === "none" ? [] : configured;
}

function eventFacts(event, matcher) {
  const { originSubject, ...rest } = event;
  const origin = originSubject?.identifiers ?? [];
  const isSame = (identifier) =>
    matcher.subject.some(
      ({ field, raw }) =>
        field.key === identifier.opaqueId &&
        field.kind === identifier.kind &&
        raw === identifier.value,
    );
  return {
    ...rest,
    hasOriginSubject: originSubject != null,
    originSubjectMatched: origin.some(isSame),
  };
}

const isGroup = (entry) => parseAccessGroupAllowFromEntry(entry) !== null;

/** Lists as plugins see them: normalised, and with the sender where a group let the sender in. */
function shownEntries(sources, list, matcher, params) {
  const shown = sources.flatMap((entries) => {
    const plain = matcher.read(entries.filter((entry) => !isGroup(entry)));
    return [...new Set([...entries.filter(isGroup), ...plain.map((entry) => entry.value)])];
  });
  const sender = params.accessGroupMatchedAllowFromEntry ?? params.subject.stableId;
  return list.viaGroup && sender != null ? [...new Set([...shown, String(sender)])] : shown;
}

const gateOf = (ingress, phase) => ingress.graph.gates.find((gate) => gate.phase === phase);

function senderAccess(ingress, facts) {
  const gate = gateOf(ingress, "sender");
  const emptyRoute =
    !gate &&
    ingress.reasonCode === "route_sender_empty" &&
    facts.effectiveGroupAllowFrom.length === 0;
  const reasonCode = emptyRoute
    ? "group_policy_empty_allowlist"
    : (gate?.reasonCode ?? ingress.reasonCode);
  const decision =
    reasonCode === "dm_policy_pairing_required" ? "pairing" : gate?.allowed ? "allow" : "block";
  return {
    allowed: decision === "allow",
    decision,
    reasonCode,
    ...(gate ? { gate } : {}),
    ...facts,
  };
}

const refusal = (gate, reason) => ({
  allowed: false,
  reasonCode: gate.reasonCode,
  ...(reason ? { reason } : {}),
  gate,
});

function routeAccess(ingress, descriptors) {
  const { gates } = ingress.graph;
  const blocked = gates.find((gate) => gate.phase === "route" && !gate.allowed);
  if (blocked) {
    const id = blocked.id.replace(/:sender$/, "");
    const route = descriptors.find((one) => one.id === blocked.id || one.id === id);
    return refusal(blocked, route?.blockReason);
  }
  const replacing = descriptors.find((one) => one.senderPolicy === "replace" && one.blockReason);
  const sender = gates.find((gate) => gate.phase === "sender" && gate.effect === "block-dispatch");
  if (replacing && sender) return refusal(sender, replacing.blockReason);
  const gate = gateOf(ingress, "route");
  return gate ? { allowed: gate.allowed, reasonCode: gate.reasonCode, gate } : { allowed: true };
}

function commandAccess(ingress, command) {
  const gate = gateOf(ingress, "command");
  const requested = command !== undefined;
  return {
    requested,
    authorized: requested && gate?.allowed === true,
    shouldBlockControlCommand: gate?.command?.shouldBlockControlCommand === true,
    reasonCode: gate?.reasonCode ?? ingress.reasonCode,
    ...(gate ? { gate } : {}),
  };
}

function activationAccess(ingress) {
  const gate = gateOf(ingress, "activation");
  const { shouldSkip = false, ...known } = gate?.activation ?? {};
  const optional = (name) => (known[name] === undefined ? {} : { [name]: known[name] });
  return {
    ran: gate != null,
    allowed: gate?.allowed === true,
    shouldSkip,
    reasonCode: gate?.reasonCode ?? ingress.reasonCode,
    ...optional("effectiveWasMentioned"),
    ...optional("shouldBypassMention"),
    ...(gate ? { gate } : {}),
  };
}
