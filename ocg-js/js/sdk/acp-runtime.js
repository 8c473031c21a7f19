/** Sessions of agents that run elsewhere: none. (inert) */
export const readAcpSessionEntry = () => null;
