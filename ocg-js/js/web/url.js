// URL and URLSearchParams (URL Standard), parsed in Rust.

import * as native from "ocg:native/url";

const INSPECT = Symbol.for("nodejs.util.inspect.custom");
const [HREF, PROTOCOL, USERNAME, PASSWORD, HOST, HOSTNAME, PORT, PATHNAME, SEARCH, HASH, ORIGIN] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
];

function invalid(input, base) {
  const error = new TypeError("Invalid URL");
  error.code = "ERR_INVALID_URL";
  error.input = input;
  if (base !== undefined) error.base = base;
  return error;
}

function iterator(list, pick, tag) {
  let at = 0;
  const prototype = Object.create(
    Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]())),
  );
  prototype.next = () => {
    if (at >= list().length) return { value: undefined, done: true };
    const value = pick(list(), at);
    at += 2;
    return { value, done: false };
  };
  Object.defineProperty(prototype, Symbol.toStringTag, { value: tag });
  return prototype;
}

/** Ties parameters to a URL: changes are told to it. */
let bind;

export class URLSearchParams {
  /** name, value, name, value ... */
  #list = [];
  #changed = undefined;

  constructor(init = undefined) {
    if (init === undefined || init === null) return;
    if (typeof init === "object" || typeof init === "function") {
      if (init instanceof URLSearchParams) this.#list = [...init.#list];
      else if (typeof init[Symbol.iterator] === "function") {
        for (const pair of init) {
          const [name, value, ...more] = [...pair];
          if (value === undefined || more.length > 0) {
            const error = new TypeError("Each query pair must be an iterable [name, value] tuple");
            error.code = "ERR_INVALID_TUPLE";
            throw error;
          }
          this.#list.push(wellFormed(name), wellFormed(value));
        }
      } else
        for (const [name, value] of Object.entries(init))
          this.#list.push(wellFormed(name), wellFormed(value));
      return;
    }
    this.#list = native.parseQuery(String(init).replace(/^\?/, ""));
  }

  static {
    bind = (params, search, changed) => {
      params.#list = native.parseQuery(search.replace(/^\?/, ""));
      params.#changed = changed;
    };
  }

  #update() {
    this.#changed?.(this.toString());
  }

  get size() {
    return this.#list.length / 2;
  }

  append(name, value) {
    this.#list.push(wellFormed(name), wellFormed(value));
    this.#update();
  }

  delete(name, value) {
    const wanted = String(name);
    this.#list = filterPairs(
      this.#list,
      (key, item) => key !== wanted || (value !== undefined && item !== String(value)),
    );
    this.#update();
  }

  get(name) {
    const wanted = String(name);
    for (let i = 0; i < this.#list.length; i += 2)
      if (this.#list[i] === wanted) return this.#list[i + 1];
    return null;
  }

  getAll(name) {
    const wanted = String(name);
    return this.#list.filter((_, i) => i % 2 === 1 && this.#list[i - 1] === wanted);
  }

  has(name, value) {
    const wanted = String(name);
    for (let i = 0; i < this.#list.length; i += 2) {
      if (this.#list[i] === wanted && (value === undefined || this.#list[i + 1] === String(value)))
        return true;
    }
    return false;
  }

  set(name, value) {
    const wanted = wellFormed(name);
    let done = false;
    const list = [];
    for (let i = 0; i < this.#list.length; i += 2) {
      if (this.#list[i] !== wanted) list.push(this.#list[i], this.#list[i + 1]);
      else if (!done) {
        list.push(wanted, wellFormed(value));
        done = true;
      }
    }
    if (!done) list.push(wanted, wellFormed(value));
    this.#list = list;
    this.#update();
  }

  sort() {
    const pairs = [];
    for (let i = 0; i < this.#list.length; i += 2) pairs.push([this.#list[i], this.#list[i + 1]]);
    pairs.sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));
    this.#list = pairs.flat();
    this.#update();
  }

  forEach(callback, self) {
    for (const [name, value] of this) callback.call(self, value, name, this);
  }

  keys() {
    return iterator(
      () => this.#list,
      (list, at) => list[at],
      "URLSearchParams Iterator",
    );
  }

  values() {
    return iterator(
      () => this.#list,
      (list, at) => list[at + 1],
      "URLSearchParams Iterator",
    );
  }

  entries() {
    return iterator(
      () => this.#list,
      (list, at) => [list[at], list[at + 1]],
      "URLSearchParams Iterator",
    );
  }

  [Symbol.iterator]() {
    return this.entries();
  }

  toString() {
    return native.serializeQuery(this.#list);
  }

  get [Symbol.toStringTag]() {
    return "URLSearchParams";
  }

  [INSPECT](depth, options, inspect) {
    const pairs = [...this].map(
      ([name, value]) => `${inspect(name, options)} => ${inspect(value, options)}`,
    );
    return pairs.length === 0 ? "URLSearchParams {}" : `URLSearchParams { ${pairs.join(", ")} }`;
  }
}

function wellFormed(value) {
  return String(value).toWellFormed();
}

function filterPairs(list, keep) {
  const kept = [];
  for (let i = 0; i < list.length; i += 2)
    if (keep(list[i], list[i + 1])) kept.push(list[i], list[i + 1]);
  return kept;
}

export class URL {
  #parts;
  #params;

  constructor(input, base = undefined) {
    const text = String(input);
    const parts = base === undefined ? native.parse(text) : native.parse(text, String(base));
    if (!parts) throw invalid(text, base === undefined ? undefined : String(base));
    this.#parts = parts;
  }

  static canParse(input, base = undefined) {
    return Boolean(
      base === undefined ? native.parse(String(input)) : native.parse(String(input), String(base)),
    );
  }

  static parse(input, base = undefined) {
    return URL.canParse(input, base) ? new URL(input, base) : null;
  }

  static createObjectURL() {
    const error = new Error("URL.createObjectURL is not available");
    error.code = "ERR_FEATURE_UNAVAILABLE_ON_PLATFORM";
    throw error;
  }

  static revokeObjectURL() {}

  #set(part, value) {
    const parts = native.set(this.#parts[HREF], part, String(value));
    if (!parts) throw invalid(String(value));
    this.#parts = parts;
    if (this.#params && part !== "query") this.#bind();
  }

  #bind() {
    bind(this.#params, this.#parts[SEARCH], (query) => {
      this.#parts = native.set(this.#parts[HREF], "search", query);
    });
  }

  get href() {
    return this.#parts[HREF];
  }

  set href(value) {
    this.#set("href", value);
  }

  get origin() {
    return this.#parts[ORIGIN];
  }

  get protocol() {
    return this.#parts[PROTOCOL];
  }

  set protocol(value) {
    this.#set("protocol", value);
  }

  get username() {
    return this.#parts[USERNAME];
  }

  set username(value) {
    this.#set("username", value);
  }

  get password() {
    return this.#parts[PASSWORD];
  }

  set password(value) {
    this.#set("password", value);
  }

  get host() {
    return this.#parts[HOST];
  }

  set host(value) {
    this.#set("host", value);
  }

  get hostname() {
    return this.#parts[HOSTNAME];
  }

  set hostname(value) {
    this.#set("hostname", value);
  }

  get port() {
    return this.#parts[PORT];
  }

  set port(value) {
    this.#set("port", value);
  }

  get pathname() {
    return this.#parts[PATHNAME];
  }

  set pathname(value) {
    this.#set("pathname", value);
  }

  get search() {
    return this.#parts[SEARCH];
  }

  set search(value) {
    this.#set("search", value);
  }

  get searchParams() {
    if (!this.#params) {
      this.#params = new URLSearchParams();
      this.#bind();
    }
    return this.#params;
  }

  get hash() {
    return this.#parts[HASH];
  }

  set hash(value) {
    this.#set("hash", value);
  }

  toString() {
    return this.#parts[HREF];
  }

  toJSON() {
    return this.#parts[HREF];
  }

  get [Symbol.toStringTag]() {
    return "URL";
  }

  [INSPECT](depth, options, inspect) {
    if (depth < 0) return this.href;
    const shown = {};
    for (const name of MEMBERS) shown[name] = this[name];
    return `URL ${inspect(shown, options)}`;
  }
}

const MEMBERS = [
  "href",
  "origin",
  "protocol",
  "username",
  "password",
  "host",
  "hostname",
  "port",
  "pathname",
  "search",
  "searchParams",
  "hash",
];
for (const name of [...MEMBERS, "toString", "toJSON"]) {
  Object.defineProperty(URL.prototype, name, { enumerable: true });
}
