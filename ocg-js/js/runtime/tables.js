/** Markdown tables for channels that cannot show them. */

/** How a channel shows tables, as configured. */
export function resolveMarkdownTableMode({ cfg, channel, accountId, supportsBlockTables } = {}) {
  const section = cfg?.channels?.[channel];
  const account = section?.accounts?.[accountId];
  const mode = account?.markdown?.tables ?? section?.markdown?.tables ?? "code";
  return mode === "block" && !supportsBlockTables ? "code" : mode;
}

const SEPARATOR = /^\s*\|?(?:\s*:?-+:?\s*\|)+(?:\s*:?-+:?\s*)?$/;
const cells = (row) =>
  row
    .trim()
    .replace(/^\||\|$/g, "")
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim());

/**
 * Rewrites the tables of a text: as aligned text in a code block, or as lists.
 *
 * @param {string} markdown
 * @param {"off" | "code" | "bullets" | "block"} mode
 */
export function convertMarkdownTables(markdown, mode) {
  if (!markdown || mode === "off" || mode === "block") return markdown;
  const lines = markdown.split("\n");
  const out = [];
  let fenced = false;
  for (let at = 0; at < lines.length; at++) {
    if (/^\s*(?:```|~~~)/.test(lines[at])) fenced = !fenced;
    const isTable = !fenced && lines[at].includes("|") && SEPARATOR.test(lines[at + 1] ?? "");
    if (!isTable) {
      out.push(lines[at]);
      continue;
    }
    const rows = [cells(lines[at])];
    at += 1;
    while (lines[at + 1]?.includes("|")) rows.push(cells(lines[++at]));
    out.push(...(mode === "bullets" ? asBullets(rows) : asCode(rows)));
  }
  return out.join("\n");
}

function asCode(rows) {
  const width = (column) => Math.max(3, ...rows.map((row) => (row[column] ?? "").length));
  const widths = rows[0].map((_, column) => width(column));
  const line = (row) => `| ${widths.map((size, i) => (row[i] ?? "").padEnd(size)).join(" | ")} |`;
  const rule = `| ${widths.map((size) => "-".repeat(size)).join(" | ")} |`;
  return ["```", line(rows[0]), rule, ...rows.slice(1).map(line), "```"];
}

function asBullets([header, ...rows]) {
  return rows.flatMap((row) => [
    `**${row[0] ?? ""}**`,
    ...row.slice(1).map((cell, index) => `• ${header[index + 1] ?? ""}: ${cell}`),
    "",
  ]);
}
