// FileHandle of node:fs/promises.

import * as native from "ocg:native/fs";
import { Buffer } from "node:buffer";
import EventEmitter from "node:events";
import {
  contentFor,
  contentOf,
  optionsOf,
  readArguments,
  writeArguments,
} from "node:internal/fs_arguments";
import { statsOf } from "node:internal/fs_stats";

export class FileHandle extends EventEmitter {
  #fd;

  constructor(fd) {
    super();
    this.#fd = fd;
  }

  get fd() {
    return this.#fd;
  }

  async close() {
    const fd = this.#fd;
    this.#fd = -1;
    if (fd >= 0) {
      await native.close(fd);
      this.emit("close");
    }
  }

  async read(buffer, offset, length, position) {
    const request = readArguments(buffer, offset, length, position);
    const bytesRead = request.fill(await native.read(this.#fd, request.count, request.position));
    return { bytesRead, buffer: request.target };
  }

  async write(data, a, b, c) {
    const { content, position } = writeArguments(data, a, b, c);
    return { bytesWritten: await native.write(this.#fd, content, position), buffer: data };
  }

  async readFile(options) {
    const pieces = [];
    for (;;) {
      const piece = Buffer.from(await native.read(this.#fd, 65536, -1));
      if (piece.length === 0) break;
      pieces.push(piece);
    }
    return contentFor(Buffer.concat(pieces), optionsOf(options).encoding);
  }

  async writeFile(data, options) {
    await native.write(this.#fd, contentOf(data, optionsOf(options).encoding), -1);
  }

  async appendFile(data, options) {
    await this.writeFile(data, options);
  }

  async stat(options) {
    return statsOf(await native.fstat(this.#fd), options?.bigint);
  }

  async sync() {
    await native.fsync(this.#fd);
  }

  async datasync() {
    await native.fsync(this.#fd);
  }

  async truncate(length = 0) {
    await native.ftruncate(this.#fd, length);
  }

  async *readLines(options) {
    const text = await this.readFile({ encoding: options?.encoding ?? "utf8" });
    const lines = text.split(/\r?\n/);
    if (lines.at(-1) === "") lines.pop();
    yield* lines;
  }

  async [Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose")]() {
    await this.close();
  }
}
