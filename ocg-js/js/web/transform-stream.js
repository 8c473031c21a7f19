/** TransformStream, queuing strategies and the text streams (Streams and Encoding standards). */
import { ReadableStream } from "ocg:web/readable-stream";
import { deferred } from "ocg:web/readable-core";
import { WritableStream } from "ocg:web/writable-stream";
import { TextDecoder, TextEncoder } from "ocg:web/text-encoder";

export class TransformStream {
  #readable;
  #writable;

  constructor(transformer = {}, writableStrategy = {}, readableStrategy = { highWaterMark: 0 }) {
    let output;
    let wanted = deferred();
    this.#readable = new ReadableStream(
      {
        start: (controller) => {
          output = controller;
        },
        pull: () => wanted.resolve(),
        cancel: async (reason) => {
          input.error(reason);
          wanted.resolve();
          await transformer.cancel?.(reason);
        },
      },
      readableStrategy,
    );
    const controller = {
      get desiredSize() {
        return output.desiredSize;
      },
      enqueue: (chunk) => output.enqueue(chunk),
      error: (reason) => {
        output.error(reason);
        input.error(reason);
      },
      terminate: () => {
        output.close();
        input.error(new TypeError("the transform was terminated"));
      },
    };
    let input;
    this.#writable = new WritableStream(
      {
        start: (sink) => {
          input = sink;
          return transformer.start?.(controller);
        },
        write: async (chunk) => {
          // Backpressure: nothing is transformed before somebody wants it.
          if (!(output.desiredSize > 0)) {
            await wanted.promise;
            wanted = deferred();
          }
          try {
            if (transformer.transform) await transformer.transform(chunk, controller);
            else output.enqueue(chunk);
          } catch (error) {
            output.error(error);
            throw error;
          }
        },
        close: async () => {
          try {
            await transformer.flush?.(controller);
          } catch (error) {
            output.error(error);
            throw error;
          }
          output.close();
        },
        abort: async (reason) => {
          output.error(reason);
          await transformer.cancel?.(reason);
        },
      },
      writableStrategy,
    );
  }

  get readable() {
    return this.#readable;
  }

  get writable() {
    return this.#writable;
  }

  get [Symbol.toStringTag]() {
    return "TransformStream";
  }
}

export class CountQueuingStrategy {
  constructor({ highWaterMark }) {
    this.highWaterMark = highWaterMark;
  }

  size = () => 1;
}

export class ByteLengthQueuingStrategy {
  constructor({ highWaterMark }) {
    this.highWaterMark = highWaterMark;
  }

  size = (chunk) => chunk.byteLength;
}

export class TextDecoderStream extends TransformStream {
  constructor(label = "utf-8", options = {}) {
    const decoder = new TextDecoder(label, options);
    super({
      transform(chunk, controller) {
        const text = decoder.decode(chunk, { stream: true });
        if (text) controller.enqueue(text);
      },
      flush(controller) {
        const text = decoder.decode();
        if (text) controller.enqueue(text);
      },
    });
    this.encoding = decoder.encoding;
  }
}

export class TextEncoderStream extends TransformStream {
  encoding = "utf-8";

  constructor() {
    const encoder = new TextEncoder();
    super({ transform: (chunk, controller) => controller.enqueue(encoder.encode(chunk)) });
  }
}
