/** Results of tools. */

/** A tool result that shows the payload as JSON. */
export function jsonResult(payload) {
  return {
    content: [{ type: "text", text: JSON.stringify(payload, null, 2) }],
    details: payload,
  };
}
