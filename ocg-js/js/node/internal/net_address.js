// IP addresses, and lists of them.

import * as native from "ocg:native/dns";
import { invalidArgValue, outOfRange } from "node:internal/errors";

export function isIP(text) {
  return native.ipVersion(String(text));
}

export function isIPv4(text) {
  return isIP(text) === 4;
}

export function isIPv6(text) {
  return isIP(text) === 6;
}

/** Numeric value of an address, for arithmetic on prefixes. */
function value(address) {
  if (isIPv4(address))
    return address.split(".").reduce((sum, part) => sum * 256n + BigInt(part), 0n);
  let text = address.split("%")[0];
  const tail = /(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  if (tail) {
    const low = value(tail[2]);
    text = `${tail[1]}${(low >> 16n).toString(16)}:${(low & 0xffffn).toString(16)}`;
  }
  const [head, rest] = text.split("::");
  const left = head ? head.split(":") : [];
  const right = rest ? rest.split(":") : [];
  const zeros = Array(8 - left.length - right.length).fill("0");
  const groups = rest === undefined ? left : [...left, ...zeros, ...right];
  return groups.reduce((sum, group) => sum * 65536n + BigInt(`0x${group}`), 0n);
}

function addressText(number, bits) {
  const groups = [];
  const size = bits === 32 ? 8n : 16n;
  for (let rest = number, i = 0n; i < BigInt(bits) / size; i++, rest >>= size) {
    groups.unshift((rest & ((1n << size) - 1n)).toString(bits === 32 ? 10 : 16));
  }
  return groups.join(bits === 32 ? "." : ":");
}

export class SocketAddress {
  constructor({ address, family = "ipv4", port = 0, flowlabel = 0 } = {}) {
    this.address = address ?? (family === "ipv6" ? "::" : "127.0.0.1");
    this.family = family;
    this.port = port;
    this.flowlabel = flowlabel;
  }
}

const textOf = (address) => (typeof address === "string" ? address : address.address);

export class BlockList {
  #rules = [];
  rules = [];

  #add(first, last, rule) {
    this.#rules.push([first, last]);
    this.rules.unshift(rule);
  }

  addAddress(address, family = "ipv4") {
    const text = textOf(address);
    if (isIP(text) === 0) throw invalidArgValue("address", text);
    this.#add(text, text, `Address: ${family === "ipv6" ? "IPv6" : "IPv4"} ${text}`);
  }

  addRange(start, end, family = "ipv4") {
    this.#add(
      textOf(start),
      textOf(end),
      `Range: ${family === "ipv6" ? "IPv6" : "IPv4"} ${textOf(start)}-${textOf(end)}`,
    );
  }

  addSubnet(network, prefix, family = "ipv4") {
    const text = textOf(network);
    const version = isIP(text);
    if (version === 0) throw invalidArgValue("network", text);
    const bits = version === 4 ? 32 : 128;
    if (!(prefix >= 0 && prefix <= bits)) throw outOfRange("prefix", `>= 0 && <= ${bits}`, prefix);
    const free = BigInt(bits - prefix);
    const first = (value(text) >> free) << free;
    const last = first | ((1n << free) - 1n);
    this.#add(
      addressText(first, bits),
      addressText(last, bits),
      `Subnet: ${family === "ipv6" ? "IPv6" : "IPv4"} ${text}/${prefix}`,
    );
  }

  check(address) {
    const text = textOf(address);
    return this.#rules.some(([first, last]) => native.blockContains(first, last, text));
  }
}
