/**
 * The host's own JavaScript: what Rust calls in an isolate that runs a plugin.
 *
 * Every function exposed here takes and returns JSON.
 */
import { expose } from "ocg:host";
import { deliverOutbound } from "ocg:runtime/outbound";
import { listAccounts, startAccount, stopAccount } from "ocg:runtime/accounts";
import { login } from "ocg:runtime/login";
import { tellApproved } from "ocg:runtime/pairing";
import { loadPlugin } from "ocg:runtime/plugin";
import { setConfig } from "ocg:runtime/config";
import { handleRequest } from "ocg:runtime/http-routes";
import { applySetup, setupFields } from "ocg:runtime/setup-input";
import { defer, deliver, partial, settle, typing } from "ocg:runtime/turns";

expose("config.set", ({ config }) => setConfig(config));
expose("plugin.load", loadPlugin);
expose("accounts.list", listAccounts);
expose("account.start", startAccount);
expose("account.stop", stopAccount);
expose("turn.deliver", deliver);
expose("turn.partial", partial);
expose("turn.typing", typing);
expose("turn.defer", defer);
expose("turn.settle", settle);
expose("outbound.send", deliverOutbound);
expose("pairing.approved", tellApproved);
expose("route.handle", handleRequest);
expose("login.run", login);
expose("setup.fields", setupFields);
expose("setup.apply", applySetup);
