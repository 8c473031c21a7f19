// node:zlib: deflate, zlib and gzip, and Brotli decompression. Nothing makes Brotli or reads
// Zstandard.

import * as native from "ocg:native/zlib";
import { Buffer } from "node:buffer";
import { nodeError, unavailable, validateFunction } from "node:internal/errors";
import { keyBytes } from "node:internal/crypto_bytes";
import { Transform } from "node:stream";

export const constants = Object.freeze({
  Z_NO_FLUSH: 0,
  Z_PARTIAL_FLUSH: 1,
  Z_SYNC_FLUSH: 2,
  Z_FULL_FLUSH: 3,
  Z_FINISH: 4,
  Z_BLOCK: 5,
  Z_OK: 0,
  Z_STREAM_END: 1,
  Z_NEED_DICT: 2,
  Z_ERRNO: -1,
  Z_STREAM_ERROR: -2,
  Z_DATA_ERROR: -3,
  Z_MEM_ERROR: -4,
  Z_BUF_ERROR: -5,
  Z_VERSION_ERROR: -6,
  Z_NO_COMPRESSION: 0,
  Z_BEST_SPEED: 1,
  Z_BEST_COMPRESSION: 9,
  Z_DEFAULT_COMPRESSION: -1,
  Z_FILTERED: 1,
  Z_HUFFMAN_ONLY: 2,
  Z_RLE: 3,
  Z_FIXED: 4,
  Z_DEFAULT_STRATEGY: 0,
  Z_DEFAULT_WINDOWBITS: 15,
  Z_MIN_WINDOWBITS: 8,
  Z_MAX_WINDOWBITS: 15,
  Z_DEFAULT_MEMLEVEL: 8,
  Z_DEFAULT_LEVEL: -1,
  Z_DEFAULT_CHUNK: 16384,
  BROTLI_OPERATION_PROCESS: 0,
  BROTLI_OPERATION_FLUSH: 1,
  BROTLI_OPERATION_FINISH: 2,
  BROTLI_PARAM_QUALITY: 1,
});
export const {
  Z_SYNC_FLUSH,
  Z_DEFAULT_WINDOWBITS,
  Z_NO_FLUSH,
  Z_FINISH,
  Z_BEST_SPEED,
  Z_BEST_COMPRESSION,
} = constants;

function withNumber(error) {
  if (typeof error?.code === "string" && constants[error.code] !== undefined)
    error.errno = constants[error.code];
  return error;
}

function checkSize(bytes, options) {
  const max = options?.maxOutputLength;
  if (max !== undefined && bytes.byteLength > max) {
    throw nodeError(
      RangeError,
      "ERR_BUFFER_TOO_LARGE",
      `Cannot create a Buffer larger than ${max} bytes`,
    );
  }
  return Buffer.from(bytes);
}

function blocking(kind) {
  return (data, options) => {
    let bytes;
    try {
      bytes = native.runSync(kind, options?.level ?? -1, keyBytes(data, "buffer"));
    } catch (error) {
      throw withNumber(error);
    }
    return checkSize(bytes, options);
  };
}

function callback(kind) {
  return (data, ...rest) => {
    const done = rest.pop();
    validateFunction(done, "callback");
    native
      .run(kind, rest[0]?.level ?? -1, keyBytes(data, "buffer"))
      .then((bytes) => checkSize(bytes, rest[0]))
      .then(
        (bytes) => done(null, bytes),
        (error) => done(withNumber(error)),
      );
  };
}

class Zlib extends Transform {
  #codec;
  #fresh;
  /** Whether input that ends too early is an error: HTTP clients ask for what there is. */
  #strict;
  bytesWritten = 0;

  constructor(kind, options) {
    super(options);
    this.#fresh = () => new native.Codec(kind, options?.level ?? -1);
    this.#codec = this.#fresh();
    const last = options?.finishFlush;
    this.#strict =
      last === undefined ||
      last === (kind === "brotliDecompress" ? constants.BROTLI_OPERATION_FINISH : Z_FINISH);
  }

  _transform(chunk, encoding, done) {
    this.bytesWritten += chunk.length;
    this.#give(() => this.#codec.push(chunk), done);
  }

  _flush(done) {
    const last = () => (this.#strict ? this.#codec.finish() : this.#codec.flush());
    this.#give(last, done);
  }

  #give(work, done) {
    let bytes;
    try {
      bytes = work();
    } catch (error) {
      done(withNumber(error));
      return;
    }
    if (bytes.byteLength > 0) this.push(Buffer.from(bytes));
    done();
  }

  flush(kind, maybeDone) {
    const done = typeof kind === "function" ? kind : (maybeDone ?? (() => {}));
    this.write(Buffer.alloc(0), () => this.#give(() => this.#codec.flush(), done));
  }

  close(done) {
    if (done) this.once("close", done);
    this.destroy();
  }

  /** Forgets the data so far; what comes next begins a new stream. */
  reset() {
    this.#codec = this.#fresh();
  }
}

const stream = (name, kind) =>
  ({
    [name]: class extends Zlib {
      constructor(options) {
        super(kind, options);
      }
    },
  })[name];

export const Deflate = stream("Deflate", "deflate");
export const Inflate = stream("Inflate", "inflate");
export const DeflateRaw = stream("DeflateRaw", "deflateRaw");
export const InflateRaw = stream("InflateRaw", "inflateRaw");
export const Gzip = stream("Gzip", "gzip");
export const Gunzip = stream("Gunzip", "gunzip");
export const Unzip = stream("Unzip", "unzip");
export const createDeflate = (options) => new Deflate(options);
export const createInflate = (options) => new Inflate(options);
export const createDeflateRaw = (options) => new DeflateRaw(options);
export const createInflateRaw = (options) => new InflateRaw(options);
export const createGzip = (options) => new Gzip(options);
export const createGunzip = (options) => new Gunzip(options);
export const createUnzip = (options) => new Unzip(options);
export const BrotliDecompress = stream("BrotliDecompress", "brotliDecompress");
export const createBrotliDecompress = (options) => new BrotliDecompress(options);
export const deflateSync = blocking("deflate");
export const inflateSync = blocking("inflate");
export const deflateRawSync = blocking("deflateRaw");
export const inflateRawSync = blocking("inflateRaw");
export const gzipSync = blocking("gzip");
export const gunzipSync = blocking("gunzip");
export const unzipSync = blocking("unzip");
export const deflate = callback("deflate");
export const inflate = callback("inflate");
export const deflateRaw = callback("deflateRaw");
export const inflateRaw = callback("inflateRaw");
export const gzip = callback("gzip");
export const gunzip = callback("gunzip");
export const unzip = callback("unzip");

export const brotliDecompress = callback("brotliDecompress");
export const brotliDecompressSync = blocking("brotliDecompress");

const WHY = "compressing with Brotli and Zstandard is not provided to plugins";
export const brotliCompress = unavailable("brotliCompress", WHY);
export const brotliCompressSync = unavailable("brotliCompressSync", WHY);
export const createBrotliCompress = unavailable("createBrotliCompress", WHY);

export default {
  constants,
  Z_SYNC_FLUSH,
  Z_DEFAULT_WINDOWBITS,
  Z_NO_FLUSH,
  Z_FINISH,
  Z_BEST_SPEED,
  Z_BEST_COMPRESSION,
  Deflate,
  Inflate,
  DeflateRaw,
  InflateRaw,
  Gzip,
  Gunzip,
  Unzip,
  BrotliDecompress,
  createDeflate,
  createInflate,
  createDeflateRaw,
  createInflateRaw,
  createGzip,
  createGunzip,
  createUnzip,
  deflateSync,
  inflateSync,
  deflateRawSync,
  inflateRawSync,
  gzipSync,
  gunzipSync,
  unzipSync,
  deflate,
  inflate,
  deflateRaw,
  inflateRaw,
  gzip,
  gunzip,
  unzip,
  brotliCompress,
  brotliCompressSync,
  brotliDecompress,
  brotliDecompressSync,
  createBrotliCompress,
  createBrotliDecompress,
};
