// Blob and File (File API).

import { TextDecoder, TextEncoder } from "ocg:web/text-encoder";

const encoder = new TextEncoder();
const decoder = new TextDecoder();
let bytesOf;

export class Blob {
  #bytes;
  #type;

  constructor(parts = [], options = {}) {
    if (
      parts === null ||
      typeof parts !== "object" ||
      typeof parts[Symbol.iterator] !== "function"
    ) {
      throw new TypeError("The blob parts must be a sequence");
    }
    const pieces = [];
    let size = 0;
    for (const part of parts) {
      let piece;
      if (part instanceof Blob) piece = part.#bytes;
      else if (ArrayBuffer.isView(part))
        piece = new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
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
