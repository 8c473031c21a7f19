/** Texts of setup wizards. */

const DOCS = "https://docs.openclaw.ai";

/** A link to a page of the plugins' documentation, as plain text. */
export function formatDocsLink(path, label) {
  const page = typeof path === "string" ? path.trim() : "";
  const url = /^https?:\/\//i.test(page)
    ? page
    : `${DOCS}${page && !page.startsWith("/") ? "/" : ""}${page}`;
  void label;
  return url;
}
