/** The list of an agent engine's commands, of which there are none. (inert) */
export const buildCommandsMessagePaginated = () => ({
  text: "This bot has no commands of its own: write to it.",
  currentPage: 1,
  totalPages: 1,
  hasNext: false,
  hasPrev: false,
});
