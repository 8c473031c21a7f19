/** Logins at model providers: the agent has its own. (inert) */
const refused = async () => ({
  ok: false,
  error: "the agent behind this gateway has its own login",
});

export const answerProviderLoginModelAccess = refused;
export const prepareProviderChannelLogin = refused;
export const refreshProviderLoginAuthState = refused;
export const runModelsAuthLoginFlow = refused;
export const runProviderChannelLoginFlow = refused;
