// node:dns

import promises from "node:dns/promises";
import { validateFunction } from "node:internal/errors";

function withCallback(operation, spread) {
  return (...args) => {
    const callback = args.pop();
    validateFunction(callback, "callback");
    operation(...args).then((value) => callback(null, ...spread(value)), callback);
  };
}

const lookupCallback = withCallback(promises.lookup, (found) =>
  Array.isArray(found) ? [found] : [found.address, found.family],
);
export const lookup = (...args) => lookupCallback(...args);
lookup[Symbol.for("nodejs.util.promisify.custom")] = promises.lookup;
export const resolve = withCallback(promises.resolve, (found) => [found]);
export const resolve4 = withCallback(promises.resolve4, (found) => [found]);
export const resolve6 = withCallback(promises.resolve6, (found) => [found]);
export const {
  getDefaultResultOrder,
  setDefaultResultOrder,
  getServers,
  setServers,
  resolveAny,
  resolveMx,
  resolveNs,
  resolveSrv,
  resolveTxt,
  resolveCname,
  reverse,
  Resolver,
} = promises;
export const ADDRCONFIG = 32;
export const V4MAPPED = 8;
export const ALL = 16;
export const NOTFOUND = "ENOTFOUND";

export { promises };
export default {
  lookup,
  resolve,
  resolve4,
  resolve6,
  getDefaultResultOrder,
  setDefaultResultOrder,
  getServers,
  setServers,
  resolveAny,
  resolveMx,
  resolveNs,
  resolveSrv,
  resolveTxt,
  resolveCname,
  reverse,
  Resolver,
  ADDRCONFIG,
  V4MAPPED,
  ALL,
  NOTFOUND,
  promises,
};
