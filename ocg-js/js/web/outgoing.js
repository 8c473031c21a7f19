/**
 * HTTP requests of the plugin that are under way: who stops an account lets the last ones end, for
 * a plugin may go on with an answer after the gateway has given it all of it.
 */

let open = 0;

export function requestBegins() {
  open += 1;
}

export function requestEnds() {
  open -= 1;
}

/** How many are under way. */
export function openRequests() {
  return open;
}
