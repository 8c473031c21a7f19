/**
 * What the SDK is asked, by name of the function. `record.mjs` asks OpenClaw's own SDK and stores
 * the answers in vectors.json; a test asks our shims in QuickJS and compares.
 *
 * A case must give the same answer on every run: no clocks, no random values, no files.
 */
import { cases as access } from "./cases/access.mjs";
import { cases as accounts } from "./cases/accounts.mjs";
import { cases as chunking } from "./cases/chunking.mjs";
import { cases as envelopes } from "./cases/envelopes.mjs";
import { cases as gating } from "./cases/gating.mjs";
import { cases as guard } from "./cases/guard.mjs";
import { cases as ingress } from "./cases/ingress.mjs";
import { cases as routing } from "./cases/routing.mjs";
import { cases as values } from "./cases/values.mjs";
import { cases as webhooks } from "./cases/webhooks.mjs";

/** @type {Record<string, { inputs: unknown[], ask: (input: any) => unknown }>} */
const cases = {
  ...access,
  ...accounts,
  ...chunking,
  ...envelopes,
  ...gating,
  ...guard,
  ...ingress,
  ...routing,
  ...values,
  ...webhooks,
};

/** Asks every case and returns the answers in a form that JSON keeps. */
export async function answers() {
  const all = {};
  for (const [name, { inputs, ask }] of Object.entries(cases)) {
    all[name] = [];
    for (const input of inputs) {
      const answer = await ask(input);
      all[name].push(answer === undefined ? { undefined: true } : { value: answer });
    }
  }
  return all;
}
