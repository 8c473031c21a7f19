/** Headers (Fetch standard). */

const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
// Latin-1 without control characters; a header value is bytes.
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

function checkedName(name) {
  const text = String(name);
  if (!NAME.test(text))
    throw new TypeError(`Headers: ${JSON.stringify(text)} is not a header name`);
  return text.toLowerCase();
}

function checkedValue(name, value) {
  const text = String(value).replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, "");
  if (!VALUE.test(text))
    throw new TypeError(`Headers: the value of ${name} has characters that headers cannot carry`);
  return text;
}

export class Headers {
  /** Lower-case names to lists of values. */
  #lists = new Map();

  constructor(init) {
    if (init == null) return;
    if (init instanceof Headers) {
      for (const [name, values] of init.#lists) this.#lists.set(name, [...values]);
    } else if (typeof init[Symbol.iterator] === "function") {
      for (const pair of init) {
        const [name, value, ...rest] = pair;
        if (value === undefined || rest.length > 0) {
          throw new TypeError("Headers: each entry must be a pair of name and value");
        }
        this.append(name, value);
      }
    } else if (typeof init === "object") {
      for (const name of Object.keys(init)) this.append(name, init[name]);
    } else {
      throw new TypeError("Headers: an object or a list of pairs is expected");
    }
  }

  /** From the native form: names and values by turns, checked already. */
  static fromNative(flat) {
    const headers = new Headers();
    for (let index = 0; index < flat.length; index += 2) {
      const list = headers.#lists.get(flat[index]);
      if (list) list.push(flat[index + 1]);
      else headers.#lists.set(flat[index], [flat[index + 1]]);
    }
    return headers;
  }

  /** The native form. */
  static toNative(headers) {
    const flat = [];
    for (const [name, values] of headers.#lists) for (const value of values) flat.push(name, value);
    return flat;
  }

  append(name, value) {
    const key = checkedName(name);
    const text = checkedValue(key, value);
    const list = this.#lists.get(key);
    if (list) list.push(text);
    else this.#lists.set(key, [text]);
  }

  set(name, value) {
    const key = checkedName(name);
    this.#lists.set(key, [checkedValue(key, value)]);
  }

  delete(name) {
    this.#lists.delete(checkedName(name));
  }

  get(name) {
    return this.#lists.get(checkedName(name))?.join(", ") ?? null;
  }

  has(name) {
    return this.#lists.has(checkedName(name));
  }

  getSetCookie() {
    return [...(this.#lists.get("set-cookie") ?? [])];
  }

  *entries() {
    for (const name of [...this.#lists.keys()].toSorted()) {
      const values = this.#lists.get(name) ?? [];
      if (name === "set-cookie") for (const value of values) yield [name, value];
      else yield [name, values.join(", ")];
    }
  }

  *keys() {
    for (const [name] of this.entries()) yield name;
  }

  *values() {
    for (const [, value] of this.entries()) yield value;
  }

  forEach(callback, self) {
    for (const [name, value] of this.entries()) callback.call(self, value, name, this);
  }

  [Symbol.iterator]() {
    return this.entries();
  }

  get [Symbol.toStringTag]() {
    return "Headers";
  }
}
