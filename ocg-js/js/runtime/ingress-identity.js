/** Who a sender is, and which entries of an allow list mean that sender (plugin contract §6.1). */

/** How much an identifier is worth: a name that its owner can change proves nothing. */
const RANK = { mutable: 0, unverified: 1, asserted: 2, verified: 3 };

/** Whether a claim is worth at least as much as another. */
export function meets(actual, minimum) {
  return RANK[actual] >= RANK[minimum];
}

/** The weaker of two claims. */
export function weaker(one, other) {
  return RANK[one] <= RANK[other] ? one : other;
}

/**
 * Describes senders by one stable id and optional aliases.
 *
 * @param {Record<string, any>} params
 */
export function defineStableChannelIngressIdentity(params = {}) {
  const { entryIdPrefix, aliases, isWildcardEntry, matchEntry, ...rest } = params;
  const { resolveEntryId, resolveParticipant, ...primary } = rest;
  const numbered = ({ entryIndex }) => `${entryIdPrefix}-${entryIndex + 1}`;
  return {
    primary,
    aliases,
    isWildcardEntry,
    matchEntry,
    resolveParticipant,
    resolveEntryId: resolveEntryId ?? (entryIdPrefix ? numbered : undefined),
  };
}

/** The identity's fields: the stable id first, then the aliases. */
function fieldsOf(identity) {
  const { primary, aliases = [] } = identity;
  return [
    { ...primary, key: primary.key ?? "stableId", kind: primary.kind ?? "stable-id" },
    ...aliases.map((alias) => ({ ...alias, kind: alias.kind ?? `plugin:${alias.key}` })),
  ];
}

function normalized(field, value, mode) {
  const own = mode === "entry" ? field.normalizeEntry : field.normalizeSubject;
  const normalize = own ?? field.normalize ?? ((text) => text);
  return normalize(value)?.trim() || null;
}

function authenticationOf(field, value) {
  const dangerous =
    typeof field.dangerous === "function" ? field.dangerous(value) : field.dangerous;
  const declared =
    typeof field.authentication === "function" ? field.authentication(value) : field.authentication;
  return declared ?? (dangerous ? "mutable" : "asserted");
}

/**
 * Reads allow lists for one sender.
 *
 * @param {object} identity
 * @param {{ stableId?: unknown, aliases?: object, authentication?: object }} sender
 */
export function createMatcher(identity, sender) {
  const fields = fieldsOf(identity);
  const isWildcard = identity.isWildcardEntry ?? ((entry) => entry === "*");
  const subject = subjectOf(fields, sender);

  function read(entries) {
    return entries.flatMap((entry, entryIndex) => {
      const candidates = isWildcard(entry)
        ? [{ field: fields[0], value: "*", wildcard: true }]
        : fields.map((field) => ({ field, value: normalized(field, entry, "entry") }));
      return candidates
        .filter(({ value }) => value)
        .map(({ field, value, wildcard = false }) => ({
          id:
            identity.resolveEntryId?.({
              entry,
              entryIndex,
              fieldKey: field.key,
              fieldIndex: fields.indexOf(field),
            }) ?? `entry-${entryIndex + 1}:${wildcard ? "wildcard" : field.key}`,
          field,
          value,
          wildcard,
          authentication: authenticationOf(field, entry),
        }));
    });
  }

  /** The sender's claims that an entry matches. */
  function claims(entry, context) {
    const judged = identity.matchEntry?.({
      subject: { identifiers: subject.map(identifierOf) },
      entry: entryOf(entry),
      context,
    });
    if (judged === false) return [];
    const matching = subject.filter((claim) =>
      entry.wildcard
        ? claim.field.kind === fields[0].kind
        : claim.field.key === entry.field.key && claim.value === entry.value,
    );
    if (matching.length > 0) return matching.map((claim) => claim.authentication);
    return judged === true || entry.wildcard ? ["asserted"] : [];
  }

  return { read, claims, subject };
}

function identifierOf({ field, raw, authentication }) {
  return { opaqueId: field.key, kind: field.kind, value: raw, authentication };
}

function entryOf({ id, field, value, wildcard, authentication }) {
  const mark = wildcard ? { wildcard } : {};
  return { opaqueEntryId: id, kind: field.kind, value, ...mark, authentication };
}

function subjectOf(fields, sender) {
  return fields.flatMap((field, index) => {
    const given = index === 0 ? sender.stableId : sender.aliases?.[field.key];
    if (given == null) return [];
    const raw = String(given);
    const value = normalized(field, raw, "subject");
    if (!value) return [];
    const authentication = sender.authentication
      ? (sender.authentication[field.key] ?? "unverified")
      : authenticationOf(field, raw);
    return [{ field, raw, value, authentication }];
  });
}
