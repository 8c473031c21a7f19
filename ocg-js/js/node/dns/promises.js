// node:dns/promises: the system's resolver. Queries for other records are not provided.

import * as native from "ocg:native/dns";
import { unavailable } from "node:internal/errors";

export async function lookup(hostname, options) {
  const settings = typeof options === "number" ? { family: options } : (options ?? {});
  const family =
    settings.family === "IPv4" ? 4 : settings.family === "IPv6" ? 6 : (settings.family ?? 0);
  if (!hostname) return settings.all ? [] : { address: null, family: family === 6 ? 6 : 4 };
  let addresses;
  try {
    addresses = await native.lookup(String(hostname));
  } catch (error) {
    if (error.code === "ENOTFOUND")
      Object.assign(error, { errno: -3008, syscall: "getaddrinfo", hostname });
    throw error;
  }
  let found = addresses.map((address) => ({ address, family: native.ipVersion(address) }));
  if (family !== 0) found = found.filter((entry) => entry.family === family);
  const order = settings.order ?? getDefaultResultOrder();
  if (order === "ipv4first") found.sort((left, right) => left.family - right.family);
  if (order === "ipv6first") found.sort((left, right) => right.family - left.family);
  if (found.length === 0) {
    const error = new Error(`getaddrinfo ENOTFOUND ${hostname}`);
    throw Object.assign(error, {
      errno: -3008,
      code: "ENOTFOUND",
      syscall: "getaddrinfo",
      hostname,
    });
  }
  return settings.all ? found : found[0];
}

export async function resolve4(hostname) {
  return (await lookup(hostname, { family: 4, all: true })).map((entry) => entry.address);
}

export async function resolve6(hostname) {
  return (await lookup(hostname, { family: 6, all: true })).map((entry) => entry.address);
}

export async function resolve(hostname, type = "A") {
  if (type === "A") return resolve4(hostname);
  if (type === "AAAA") return resolve6(hostname);
  return resolveAny();
}

let resultOrder = "verbatim";

export function getDefaultResultOrder() {
  return resultOrder;
}

export function setDefaultResultOrder(order) {
  resultOrder = order;
}

export function getServers() {
  return [];
}

export function setServers() {}

const WHY = "only addresses can be looked up by plugins";
export const resolveAny = unavailable("resolveAny", WHY);
export const resolveMx = unavailable("resolveMx", WHY);
export const resolveNs = unavailable("resolveNs", WHY);
export const resolveSrv = unavailable("resolveSrv", WHY);
export const resolveTxt = unavailable("resolveTxt", WHY);
export const resolveCname = unavailable("resolveCname", WHY);
export const reverse = unavailable("reverse", WHY);
export const Resolver = unavailable("Resolver", WHY);

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
};
