/** One allow list, applied to one sender. */
import { parseAccessGroupAllowFromEntry } from "openclaw/plugin-sdk/access-groups";
import { normalizeStringEntries } from "openclaw/plugin-sdk/string-coerce-runtime";
import { meets, weaker } from "ocg:runtime/ingress-identity";

/**
 * @typedef {{ configured: boolean, wildcard: boolean, matched: boolean, matchedEntryIds: string[],
 *   viaGroup: boolean, failure: string | null }} AppliedList
 */

/**
 * @param {unknown[]} rawEntries
 * @param {{ matcher: object, channelId: string, accessGroups?: object, membership: Map<string, string>,
 *   minimum: string, context: string }} how
 * @returns {AppliedList}
 */
export function applyList(rawEntries, how) {
  const entries = normalizeStringEntries(rawEntries);
  const plain = entries.filter((entry) => parseAccessGroupAllowFromEntry(entry) === null);
  const groups = [...new Set(entries.map(parseAccessGroupAllowFromEntry))].filter(Boolean);
  const ids = matchedIds(plain, how);
  let viaGroup = false;
  const failures = { failed: false, unsupported: false, missing: false };
  for (const group of groups) {
    const outcome = applyGroup(group, how);
    if (!Array.isArray(outcome)) failures[outcome] = true;
    else if (outcome.length > 0) viaGroup = true;
    if (Array.isArray(outcome)) ids.push(...outcome);
  }
  const failure = Object.keys(failures).find((kind) => failures[kind]);
  return {
    configured: entries.length > 0,
    wildcard: plain.includes("*"),
    matched: ids.length > 0,
    matchedEntryIds: [...new Set(ids)],
    viaGroup,
    failure: failure ? `access_group_${failure}` : null,
  };
}

/** Joins lists as one whose entries all count. @param {AppliedList[]} lists */
export function mergeLists(lists) {
  return {
    configured: lists.some((list) => list.configured),
    wildcard: lists.some((list) => list.wildcard),
    matched: lists.some((list) => list.matched),
    matchedEntryIds: lists.flatMap((list, index) =>
      list.matchedEntryIds.map((id) => `source-${index + 1}:${id}`),
    ),
    viaGroup: lists.some((list) => list.viaGroup),
    failure: lists.map((list) => list.failure).find(Boolean) ?? null,
  };
}

/**
 * Ids of the entries that mean the sender, as far as the proof of identity goes. Entries that share
 * an id stand and fall together: one that proves too little spoils the others.
 */
function matchedIds(entries, { matcher, minimum, context }) {
  const read = matcher.read(entries);
  const claims = new Map();
  for (const entry of read) {
    const known = claims.get(entry.id) ?? [];
    claims.set(entry.id, [...known, ...matcher.claims(entry, context)]);
  }
  const tooWeak = new Set();
  for (const { id, authentication } of read) {
    const proofs = claims.get(id).map((claim) => weaker(authentication, claim));
    const judged = proofs.length > 0 ? proofs : [authentication];
    if (!judged.some((proof) => meets(proof, minimum))) tooWeak.add(id);
  }
  return [...claims.keys()].filter((id) => claims.get(id).length > 0 && !tooWeak.has(id));
}

/** Ids of what matched in a group, or why the group cannot be used. */
function applyGroup(name, how) {
  const known = how.membership.get(name);
  if (known === "matched") return [`access-group:${name}`];
  if (known === "not-matched") return [];
  if (known) return known;
  const group = how.accessGroups?.[name];
  if (!group) return "missing";
  if (group.type !== "message.senders") return "unsupported";
  const members = [...(group.members?.["*"] ?? []), ...(group.members?.[how.channelId] ?? [])];
  return matchedIds(normalizeStringEntries(members), how);
}
