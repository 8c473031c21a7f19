// node:string_decoder: text from pieces that may end in the middle of a character.

import { Buffer } from "node:buffer";
import { CANONICAL, encodingNumber } from "node:internal/encoding";
import { invalidArgType, nodeError } from "node:internal/errors";

const EMPTY = Buffer.alloc(0);

/** How many bytes at the end of a buffer belong to a character that is not complete. */
const INCOMPLETE = {
  utf8(bytes) {
    for (let back = 1; back <= Math.min(3, bytes.length); back++) {
      const byte = bytes[bytes.length - back];
      if (byte >= 0xf0 && byte < 0xf5) return back < 4 && plausible(bytes, back) ? back : 0;
      if (byte >= 0xe0 && byte < 0xf0) return back < 3 && plausible(bytes, back) ? back : 0;
      if (byte >= 0xc2 && byte < 0xe0) return back < 2 ? back : 0;
      if ((byte & 0xc0) !== 0x80) return 0;
    }
    return 0;
  },
  utf16le(bytes) {
    const odd = bytes.length % 2;
    const high = bytes[bytes.length - 1 - odd];
    return bytes.length - odd >= 2 && high >= 0xd8 && high <= 0xdb ? 2 + odd : odd;
  },
  base64: (bytes) => bytes.length % 3,
  base64url: (bytes) => bytes.length % 3,
};

/** Whether the second byte may follow the first: overlong forms and surrogates may not. */
function plausible(bytes, back) {
  if (back < 2) return true;
  const first = bytes[bytes.length - back];
  const second = bytes[bytes.length - back + 1];
  if (first === 0xe0) return second >= 0xa0;
  if (first === 0xed) return second < 0xa0;
  if (first === 0xf0) return second >= 0x90;
  if (first === 0xf4) return second < 0x90;
  return true;
}

export class StringDecoder {
  #rest = EMPTY;

  constructor(encoding = "utf8") {
    const number = encodingNumber(encoding);
    if (number === undefined)
      throw nodeError(TypeError, "ERR_UNKNOWN_ENCODING", `Unknown encoding: ${encoding}`);
    this.encoding = CANONICAL[number];
  }

  get lastNeed() {
    return this.#rest.length;
  }

  write(input) {
    if (typeof input === "string") return input;
    if (!ArrayBuffer.isView(input)) {
      throw invalidArgType("buf", "an instance of Buffer, TypedArray, or DataView", input);
    }
    const piece = Buffer.from(input.buffer, input.byteOffset, input.byteLength);
    const bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, piece]) : piece;
    const keep = INCOMPLETE[this.encoding]?.(bytes) ?? 0;
    // Copied, because the caller may reuse the memory of its piece.
    this.#rest = keep > 0 ? Buffer.from(bytes.subarray(bytes.length - keep)) : EMPTY;
    return bytes.toString(this.encoding, 0, bytes.length - keep);
  }

  end(input) {
    const text = input === undefined ? "" : this.write(input);
    const rest = this.#rest;
    this.#rest = EMPTY;
    if (rest.length === 0) return text;
    return text + (this.encoding === "utf8" ? "\ufffd" : rest.toString(this.encoding));
  }

  text(input, offset) {
    this.#rest = EMPTY;
    return this.write(input.subarray(offset));
  }
}

export default { StringDecoder };
