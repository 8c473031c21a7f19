// fs.createReadStream and fs.createWriteStream.

import * as native from "ocg:native/fs";
import { Buffer } from "node:buffer";
import { flagsOf, modeOf, optionsOf, pathOf } from "node:internal/fs_arguments";
import { Readable, Writable } from "node:stream";

function openInto(stream, path, flags, mode, done) {
  native.open(path, flags, mode).then(
    (fd) => {
      stream.fd = fd;
      done();
      stream.emit("open", fd);
      stream.emit("ready");
    },
    (error) => done(error),
  );
}

function closeFrom(stream, error, done) {
  const fd = stream.fd;
  stream.fd = null;
  if (typeof fd !== "number" || stream.autoClose === false) {
    done(error);
    return;
  }
  native.close(fd).then(
    () => done(error),
    (failure) => done(error ?? failure),
  );
}

export class ReadStream extends Readable {
  #at;
  #end;

  constructor(path, options) {
    const settings = optionsOf(options);
    super({
      highWaterMark: settings.highWaterMark ?? 65536,
      encoding: settings.encoding,
      signal: settings.signal,
    });
    this.path = path;
    this.flags = settings.flags ?? "r";
    this.mode = settings.mode ?? 0o666;
    this.autoClose = settings.autoClose ?? true;
    this.bytesRead = 0;
    this.#at = settings.start ?? 0;
    this.#end = settings.end ?? Infinity;
    this.start = settings.start;
    this.end = this.#end;
    this.fd = settings.fd ?? null;
  }

  _construct(done) {
    if (this.fd !== null) done();
    else openInto(this, pathOf(this.path), flagsOf(this.flags), modeOf(this.mode, 0o666), done);
  }

  _read(size) {
    const count = Math.min(size, this.#end - this.#at + 1);
    if (!(count > 0)) {
      this.push(null);
      return;
    }
    native.read(this.fd, count, this.#at).then(
      (bytes) => {
        const piece = Buffer.from(bytes);
        this.#at += piece.length;
        this.bytesRead += piece.length;
        this.push(piece.length > 0 ? piece : null);
      },
      (error) => this.destroy(error),
    );
  }

  _destroy(error, done) {
    closeFrom(this, error, done);
  }

  close(callback) {
    if (callback) this.once("close", callback);
    this.destroy();
  }
}

export class WriteStream extends Writable {
  #at;

  constructor(path, options) {
    const settings = optionsOf(options);
    super({
      highWaterMark: settings.highWaterMark,
      defaultEncoding: settings.encoding ?? "utf8",
      decodeStrings: true,
      signal: settings.signal,
    });
    this.path = path;
    this.flags = settings.flags ?? "w";
    this.mode = settings.mode ?? 0o666;
    this.autoClose = settings.autoClose ?? true;
    this.bytesWritten = 0;
    this.#at = settings.start ?? -1;
    this.fd = settings.fd ?? null;
  }

  _construct(done) {
    if (this.fd !== null) done();
    else openInto(this, pathOf(this.path), flagsOf(this.flags), modeOf(this.mode, 0o666), done);
  }

  _write(chunk, encoding, done) {
    native.write(this.fd, chunk, this.#at).then((count) => {
      this.bytesWritten += count;
      if (this.#at >= 0) this.#at += count;
      done();
    }, done);
  }

  _destroy(error, done) {
    closeFrom(this, error, done);
  }

  close(callback) {
    if (callback) this.once("close", callback);
    this.end();
  }
}

export function createReadStream(path, options) {
  return new ReadStream(path, options);
}

export function createWriteStream(path, options) {
  return new WriteStream(path, options);
}
