/** Addresses that are not on the public internet (IANA special-purpose registries). */

/** Prefix and its length in bits. */
const BLOCKS_V4 = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
].map(([address, bits]) => [v4Number(address), bits]);

/** Whether a host in canonical form (as `URL.hostname` gives it) is an address of no public host. */
export function isPrivateAddress(hostname) {
  if (/^\d+\.\d+\.\d+\.\d+$/.test(hostname)) return isPrivateV4(v4Number(hostname));
  if (!hostname.startsWith("[")) return false;
  const groups = v6Groups(hostname.slice(1, -1));
  const embedded = embeddedV4(groups);
  return embedded === undefined ? isPrivateV6(groups) : isPrivateV4(embedded);
}

function v4Number(address) {
  return address.split(".").reduce((number, part) => number * 256 + Number(part), 0);
}

function isPrivateV4(number) {
  return BLOCKS_V4.some(([prefix, bits]) => {
    const size = 2 ** (32 - bits);
    return Math.floor(number / size) === Math.floor(prefix / size);
  });
}

const parse = (text) => (text ? text.split(":").map((group) => Number.parseInt(group, 16)) : []);

function v6Groups(address) {
  const [head, tail] = address.split("::");
  const [front, back] = [parse(head), parse(tail)];
  if (tail === undefined) return front;
  return [...front, ...Array(Math.max(0, 8 - front.length - back.length)).fill(0), ...back];
}

/** The IPv4 address that a mapped, translated or 6to4 address leads to. */
function embeddedV4(groups) {
  const low = (at) => groups[at] * 65536 + groups[at + 1];
  const zeros = (end) => groups.slice(0, end).every((group) => group === 0);
  if (zeros(5) && groups[5] === 0xffff) return low(6);
  if (groups[0] === 0x64 && groups[1] === 0xff9b) return low(6);
  return groups[0] === 0x2002 ? low(1) : undefined;
}

/** Global unicast is 2000::/3, without documentation and Teredo. */
function isPrivateV6([first, second]) {
  const isGlobal = first >> 13 === 1;
  const isSpecial = first === 0x2001 && (second === 0xdb8 || second < 0x200);
  return !isGlobal || isSpecial;
}
