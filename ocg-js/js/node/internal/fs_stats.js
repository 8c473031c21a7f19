// Stats, BigIntStats and Dirent of node:fs.

const TYPE = 0o170000;
const TYPES = {
  isFile: 0o100000,
  isDirectory: 0o040000,
  isSymbolicLink: 0o120000,
  isFIFO: 0o010000,
  isSocket: 0o140000,
  isCharacterDevice: 0o020000,
  isBlockDevice: 0o060000,
};
const NUMBERS = ["dev", "mode", "nlink", "uid", "gid", "rdev", "blksize", "ino", "size", "blocks"];
const TIMES = ["atime", "mtime", "ctime", "birthtime"];

export class Stats {}
class BigIntStats extends Stats {}

for (const [name, type] of Object.entries(TYPES)) {
  Object.defineProperty(Stats.prototype, name, {
    value() {
      return (Number(this.mode) & TYPE) === type;
    },
    writable: true,
    configurable: true,
    enumerable: true,
  });
}

/** @param {number[]} fields as ocg:native/fs gives them */
export function statsOf(fields, bigint = false) {
  const stats = bigint ? new BigIntStats() : new Stats();
  NUMBERS.forEach((name, i) => {
    stats[name] = bigint ? BigInt(fields[i]) : fields[i];
  });
  TIMES.forEach((name, i) => {
    const [seconds, nanos] = [fields[10 + 2 * i], fields[11 + 2 * i]];
    const millis = seconds * 1000 + nanos / 1e6;
    stats[`${name}Ms`] = bigint ? BigInt(Math.trunc(millis)) : millis;
    if (bigint) stats[`${name}Ns`] = BigInt(seconds) * 1_000_000_000n + BigInt(nanos);
  });
  for (const name of TIMES) stats[name] = new Date(Math.round(Number(stats[`${name}Ms`])));
  return stats;
}

const DIRENT_TYPES = [
  "",
  "isFile",
  "isDirectory",
  "isSymbolicLink",
  "isFIFO",
  "isSocket",
  "isCharacterDevice",
  "isBlockDevice",
];

export class Dirent {
  #type;

  constructor(name, type, parentPath) {
    this.name = name;
    this.parentPath = parentPath;
    this.path = parentPath;
    this.#type = type;
  }

  static {
    DIRENT_TYPES.forEach((method, type) => {
      if (!method) return;
      Object.defineProperty(Dirent.prototype, method, {
        value() {
          return this.#type === type;
        },
        writable: true,
        configurable: true,
      });
    });
  }
}
