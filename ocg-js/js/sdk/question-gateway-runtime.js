/** Questions that an agent engine puts to a chat: none. (inert) */
export const questionGatewayRuntime = {
  reactionEmojis: [],
  prepareReactionPayloadForDelivery: (payload) => payload,
  readAskUserQuestionId: () => undefined,
  readReactionBinding: () => undefined,
  registerChannelDelivery() {},
  resolveOption: async () => ({ status: "not-found" }),
  resolveReaction: async () => ({ status: "not-found" }),
  resolveReactionIndex: () => undefined,
};
