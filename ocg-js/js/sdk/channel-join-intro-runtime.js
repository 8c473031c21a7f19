/** The bot does not introduce itself in a room that it joins. (inert) */
export async function reportChannelRoomJoin() {}
