/** Groups of senders that allow lists refer to (plugin contract §6.1). */

const PREFIX = "accessGroup:";

/**
 * The name in an allow list entry `accessGroup:<name>`, or null.
 *
 * @param {string} entry
 */
export function parseAccessGroupAllowFromEntry(entry) {
  const text = entry.trim();
  return text.startsWith(PREFIX) ? text.slice(PREFIX.length).trim() || null : null;
}
