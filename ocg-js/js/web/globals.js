/** Installs the web platform's and Node's globals. The first module of every isolate. */
import "ocg:web/timers-globals";
import "ocg:web/intl-globals";
import "node:module";
import { Buffer } from "node:buffer";
import process from "node:process";
import { format } from "node:util";
import { AbortController, AbortSignal } from "ocg:web/abort";
import { atob, btoa } from "ocg:web/base64";
import { Blob, File } from "ocg:web/blob";
import console, { setFormat } from "ocg:web/console";
import { Crypto, crypto, SubtleCrypto } from "ocg:web/crypto";
import { define, defineLazily } from "ocg:web/define";
import { DOMException } from "ocg:web/dom-exception";
import { CustomEvent, Event, EventTarget } from "ocg:web/events";
import { fetch } from "ocg:web/fetch";
import { FormData } from "ocg:web/form-data";
import { Headers } from "ocg:web/headers";
import { importSync } from "ocg:native/module";
import { performance } from "ocg:web/performance";
import * as readable from "ocg:web/readable-stream";
import { Request } from "ocg:web/request";
import { Response } from "ocg:web/response";
import { structuredClone } from "ocg:web/structured-clone";
import { TextDecoder, TextEncoder } from "ocg:web/text-encoder";
import * as transform from "ocg:web/transform-stream";
import { URL, URLSearchParams } from "ocg:web/url";
import * as writable from "ocg:web/writable-stream";

setFormat(format);

define({
  AbortController,
  AbortSignal,
  Blob,
  Buffer,
  ByteLengthQueuingStrategy: transform.ByteLengthQueuingStrategy,
  CountQueuingStrategy: transform.CountQueuingStrategy,
  Crypto,
  CustomEvent,
  DOMException,
  Event,
  EventTarget,
  File,
  FormData,
  Headers,
  ReadableStream: readable.ReadableStream,
  ReadableStreamBYOBReader: readable.ReadableStreamBYOBReader,
  ReadableStreamDefaultController: readable.ReadableStreamDefaultController,
  ReadableStreamDefaultReader: readable.ReadableStreamDefaultReader,
  Request,
  Response,
  SubtleCrypto,
  TextDecoder,
  TextDecoderStream: transform.TextDecoderStream,
  TextEncoder,
  TextEncoderStream: transform.TextEncoderStream,
  TransformStream: transform.TransformStream,
  URL,
  URLSearchParams,
  WritableStream: writable.WritableStream,
  WritableStreamDefaultWriter: writable.WritableStreamDefaultWriter,
  atob,
  btoa,
  console,
  crypto,
  fetch,
  global: globalThis,
  navigator: {
    hardwareConcurrency: 1,
    language: "en-US",
    languages: ["en-US"],
    platform: process.platform,
    userAgent: `Node.js/${process.versions.node.split(".")[0]}`,
  },
  performance,
  process,
  structuredClone,
});

defineLazily("CryptoKey", () => importSync("ocg:web/subtle").CryptoKey);
for (const name of ["MessageChannel", "MessagePort"]) {
  defineLazily(name, () => importSync("node:worker_threads")[name]);
}
