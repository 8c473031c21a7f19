/** CryptoKey: a key, what it is for, and whether it may leave. */
import { nodeError } from "node:internal/errors";
import { failure } from "ocg:web/subtle/algorithms";

const TOKEN = Symbol("made here");

export class CryptoKey {
  #parts;

  constructor(parts, token) {
    if (token !== TOKEN)
      throw nodeError(TypeError, "ERR_ILLEGAL_CONSTRUCTOR", "Illegal constructor");
    this.#parts = parts;
    // How node:crypto finds the key object behind.
    Object.defineProperty(this, Symbol.for("ocg.keyObject"), { value: parts.keyObject });
  }

  get type() {
    return this.#parts.keyObject.type;
  }

  get extractable() {
    return this.#parts.extractable;
  }

  get algorithm() {
    return this.#parts.algorithm;
  }

  get usages() {
    return [...this.#parts.usages];
  }

  get [Symbol.toStringTag]() {
    return "CryptoKey";
  }
}

export function cryptoKey(keyObject, algorithm, extractable, usages) {
  if (keyObject.type !== "public" && usages.length === 0)
    throw failure("SyntaxError", `Usages cannot be empty when importing a ${keyObject.type} key.`);
  const parts = { keyObject, algorithm, usages, extractable: Boolean(extractable) };
  return new CryptoKey(parts, TOKEN);
}

export const keyObjectOf = (key) => key[Symbol.for("ocg.keyObject")];

/** @throws unless the key is of this algorithm and for this use */
export function checkUse(key, { name }, usage) {
  if (!(key instanceof CryptoKey)) throw new TypeError("a CryptoKey is expected");
  if (key.algorithm.name !== name) throw failure("InvalidAccessError", "Key algorithm mismatch");
  if (!key.usages.includes(usage))
    throw failure("InvalidAccessError", `Unable to use this key to ${usage}`);
}
