// Blob, File (File API) and FormData (XMLHttpRequest Standard).

import { TextDecoder, TextEncoder } from "ocg:web/text-encoder";

const encoder = new TextEncoder();
const decoder = new TextDecoder();
let bytesOf;

export class Blob {
  #bytes;
  #type;

  constructor(parts = [], options = {}) {
    if (parts === null || typeof parts !== "object" || typeof parts[Symbol.iterator] !== "function") {
      throw new TypeError("The blob parts must be a sequence");
    }
    const pieces = [];
    let size = 0;
    for (const part of parts) {
      let piece;
      if (part instanceof Blob) piece = part.#bytes;
      else if (ArrayBuffer.isView(part)) piece = new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
      else if (part instanceof ArrayBuffer) piece = new Uint8Array(part);
      else piece = encoder.encode(String(part));
      pieces.push(piece);
      size += piece.length;
    }
    this.#bytes = new Uint8Array(size);
    let at = 0;
    for (const piece of pieces) {
      this.#bytes.set(piece, at);
      at += piece.length;
    }
    const type = String(options?.type ?? "");
    this.#type = /[^\x20-\x7e]/.test(type) ? "" : type.toLowerCase();
  }

  static {
    bytesOf = (blob) => blob.#bytes;
  }

  get size() {
    return this.#bytes.length;
  }

  get type() {
    return this.#type;
  }

  slice(start = 0, end = this.size, type = "") {
    return new Blob([this.#bytes.slice(start, end)], { type });
  }

  async arrayBuffer() {
    return this.#bytes.slice().buffer;
  }

  async bytes() {
    return this.#bytes.slice();
  }

  async text() {
    return decoder.decode(this.#bytes);
  }

  stream() {
    const bytes = this.#bytes;
    return new globalThis.ReadableStream({
      start(controller) {
        if (bytes.length > 0) controller.enqueue(bytes.slice());
        controller.close();
      },
    });
  }

  get [Symbol.toStringTag]() {
    return "Blob";
  }
}

/** The bytes of a blob, shared, for code of ours that sends it. */
export function blobBytes(blob) {
  return bytesOf(blob);
}

export class File extends Blob {
  #name;
  #lastModified;

  constructor(parts, name, options = {}) {
    super(parts, options);
    if (arguments.length < 2) throw new TypeError("The file name is missing");
    this.#name = String(name).toWellFormed();
    this.#lastModified = Number(options?.lastModified ?? Date.now());
  }

  get name() {
    return this.#name;
  }

  get lastModified() {
    return this.#lastModified;
  }

  get webkitRelativePath() {
    return "";
  }

  get [Symbol.toStringTag]() {
    return "File";
  }
}

function entryOf(value, filename) {
  if (!(value instanceof Blob)) return String(value).toWellFormed();
  if (value instanceof File && filename === undefined) return value;
  return new File([value], filename ?? "blob", { type: value.type, lastModified: value.lastModified });
}

export class FormData {
  #entries = [];

  append(name, value, filename = undefined) {
    this.#entries.push([String(name).toWellFormed(), entryOf(value, filename)]);
  }

  delete(name) {
    this.#entries = this.#entries.filter(([key]) => key !== String(name));
  }

  get(name) {
    return this.#entries.find(([key]) => key === String(name))?.[1] ?? null;
  }

  getAll(name) {
    return this.#entries.filter(([key]) => key === String(name)).map(([, value]) => value);
  }

  has(name) {
    return this.#entries.some(([key]) => key === String(name));
  }

  set(name, value, filename = undefined) {
    const key = String(name).toWellFormed();
    const entry = [key, entryOf(value, filename)];
    const at = this.#entries.findIndex(([known]) => known === key);
    if (at < 0) {
      this.#entries.push(entry);
      return;
    }
    this.#entries = this.#entries.filter(([known], i) => known !== key || i === at);
    this.#entries[at] = entry;
  }

  forEach(callback, self) {
    for (const [name, value] of this) callback.call(self, value, name, this);
  }

  *keys() {
    for (const [name] of this.#entries) yield name;
  }

  *values() {
    for (const [, value] of this.#entries) yield value;
  }

  *entries() {
    for (const [name, value] of this.#entries) yield [name, value];
  }

  [Symbol.iterator]() {
    return this.entries();
  }

  get [Symbol.toStringTag]() {
    return "FormData";
  }
}

/**
 * A form as multipart/form-data (RFC 7578).
 * @param {FormData} form
 * @param {string} boundary
 * @returns {Uint8Array}
 */
export function formDataBytes(form, boundary) {
  const escape = (text) => text.replaceAll("\n", "%0A").replaceAll("\r", "%0D").replaceAll('"', "%22");
  const parts = [];
  for (const [name, value] of form) {
    let head = `--${boundary}\r\nContent-Disposition: form-data; name="${escape(name)}"`;
    if (value instanceof File) {
      head += `; filename="${escape(value.name)}"\r\nContent-Type: ${value.type || "application/octet-stream"}`;
    }
    parts.push(`${head}\r\n\r\n`, typeof value === "string" ? value.replace(/\r?\n|\r/g, "\r\n") : value, "\r\n");
  }
  parts.push(`--${boundary}--\r\n`);
  return blobBytes(new Blob(parts));
}
