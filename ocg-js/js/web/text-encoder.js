// TextEncoder and TextDecoder (Encoding Standard).

import * as bytes from "ocg:native/buffer";
import * as native from "ocg:native/text";

const UTF8 = 0;
const EMPTY = new Uint8Array(0);

export class TextEncoder {
  get encoding() {
    return "utf-8";
  }

  encode(text = "") {
    return new Uint8Array(bytes.fromString(String(text), UTF8));
  }

  encodeInto(text, target) {
    const source = String(text);
    const written = bytes.writeString(target, source, UTF8, 0, target.length);
    if (written === bytes.byteLength(source, UTF8)) return { read: source.length, written };
    const read = bytes.toString(target, UTF8, 0, written).length;
    return { read, written };
  }

  get [Symbol.toStringTag]() {
    return "TextEncoder";
  }
}

export class TextDecoder {
  #decoder;
  #encoding;
  #fatal;
  #ignoreBOM;
  #streaming = false;

  constructor(label = "utf-8", options = {}) {
    const name = native.encodingName(String(label));
    if (name === undefined || name === null) {
      const error = new RangeError(`The "${label}" encoding is not supported`);
      error.code = "ERR_ENCODING_NOT_SUPPORTED";
      throw error;
    }
    this.#encoding = name;
    this.#fatal = Boolean(options?.fatal);
    this.#ignoreBOM = Boolean(options?.ignoreBOM);
  }

  get encoding() {
    return this.#encoding;
  }

  get fatal() {
    return this.#fatal;
  }

  get ignoreBOM() {
    return this.#ignoreBOM;
  }

  decode(input = EMPTY, options = undefined) {
    const view =
      input instanceof Uint8Array
        ? input
        : ArrayBuffer.isView(input)
          ? new Uint8Array(input.buffer, input.byteOffset, input.byteLength)
          : new Uint8Array(input);
    const stream = Boolean(options?.stream);
    if (!stream && !this.#streaming && !this.#fatal && this.#encoding === "utf-8") {
      return native.decodeUtf8(view, this.#ignoreBOM);
    }
    this.#decoder ??= new native.Decoder(this.#encoding, this.#fatal, this.#ignoreBOM);
    this.#streaming = stream;
    try {
      return this.#decoder.decode(view, stream);
    } catch (error) {
      error.code = "ERR_ENCODING_INVALID_ENCODED_DATA";
      throw error;
    }
  }

  get [Symbol.toStringTag]() {
    return "TextDecoder";
  }
}
