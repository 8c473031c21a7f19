/** FormData (XMLHttpRequest standard) and its multipart form (RFC 7578). */
import { Blob, File } from "ocg:web/blob";

function entryOf(value, filename) {
  if (!(value instanceof Blob)) return String(value);
  if (value instanceof File && filename === undefined) return value;
  const name = filename ?? value.name ?? "blob";
  return new File([value], name, { type: value.type, lastModified: value.lastModified });
}

export class FormData {
  #entries = [];

  append(name, value, filename) {
    this.#entries.push([String(name), entryOf(value, filename)]);
  }

  set(name, value, filename) {
    const entry = [String(name), entryOf(value, filename)];
    const at = this.#entries.findIndex(([known]) => known === entry[0]);
    if (at < 0) {
      this.#entries.push(entry);
      return;
    }
    this.#entries[at] = entry;
    this.#entries = this.#entries.filter(([known], index) => known !== entry[0] || index === at);
  }

  delete(name) {
    this.#entries = this.#entries.filter(([known]) => known !== String(name));
  }

  get(name) {
    return this.#entries.find(([known]) => known === String(name))?.[1] ?? null;
  }

  getAll(name) {
    return this.#entries.filter(([known]) => known === String(name)).map(([, value]) => value);
  }

  has(name) {
    return this.#entries.some(([known]) => known === String(name));
  }

  forEach(callback, self) {
    for (const [name, value] of this.#entries) callback.call(self, value, name, this);
  }

  *entries() {
    yield* this.#entries.map(([name, value]) => [name, value]);
  }

  *keys() {
    for (const [name] of this.#entries) yield name;
  }

  *values() {
    for (const [, value] of this.#entries) yield value;
  }

  [Symbol.iterator]() {
    return this.entries();
  }

  get [Symbol.toStringTag]() {
    return "FormData";
  }
}

const escape = (name) => name.replace(/\r\n?|\n/g, "%0D%0A").replaceAll('"', "%22");

/** The multipart body of a form, as a Blob whose type names the boundary. */
export function encodeMultipart(form) {
  const boundary = `----ocg-${crypto.randomUUID().replaceAll("-", "")}`;
  const parts = [];
  for (const [name, value] of form) {
    const disposition = `--${boundary}\r\nContent-Disposition: form-data; name="${escape(name)}"`;
    if (typeof value === "string") {
      parts.push(`${disposition}\r\n\r\n${value.replace(/\r\n?|\n/g, "\r\n")}\r\n`);
    } else {
      const type = value.type || "application/octet-stream";
      parts.push(
        `${disposition}; filename="${escape(value.name)}"\r\nContent-Type: ${type}\r\n\r\n`,
      );
      parts.push(value, "\r\n");
    }
  }
  parts.push(`--${boundary}--\r\n`);
  return new Blob(parts, { type: `multipart/form-data; boundary=${boundary}` });
}

const latin1 = (bytes) => {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return text;
};
const toBytes = (text) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const utf8 = (text) => new TextDecoder().decode(toBytes(text));

/** Reads a multipart body. Bytes are handled as Latin-1 text, one character each. */
export function decodeMultipart(bytes, boundary) {
  const form = new FormData();
  const sections = `\r\n${latin1(bytes)}`.split(`\r\n--${boundary}`);
  for (const section of sections.slice(1)) {
    if (section.startsWith("--")) return form;
    const end = section.indexOf("\r\n\r\n");
    if (end < 0) break;
    const head = utf8(section.slice(0, end));
    const body = section.slice(end + 4);
    const name = /\bname="([^"]*)"/i.exec(head)?.[1];
    const filename = /\bfilename="([^"]*)"/i.exec(head)?.[1];
    const type = /^content-type:\s*(.+)$/im.exec(head)?.[1]?.trim() ?? "text/plain";
    if (name === undefined) break;
    if (filename === undefined) form.append(name, utf8(body));
    else form.append(name, new File([toBytes(body)], filename, { type }));
  }
  throw new TypeError("the body is not valid multipart/form-data");
}
