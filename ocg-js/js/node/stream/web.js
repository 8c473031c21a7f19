// node:stream/web: the web streams, as the platform provides them.

const web = globalThis;
export const { ReadableStream, WritableStream, TransformStream } = web;
export const {
  ReadableStreamDefaultReader,
  ReadableStreamBYOBReader,
  ReadableStreamDefaultController,
} = web;
export const { WritableStreamDefaultWriter, WritableStreamDefaultController } = web;
export const { TransformStreamDefaultController, ByteLengthQueuingStrategy, CountQueuingStrategy } =
  web;
export const { TextEncoderStream, TextDecoderStream, CompressionStream, DecompressionStream } = web;

export default {
  ReadableStream,
  WritableStream,
  TransformStream,
  ReadableStreamDefaultReader,
  ReadableStreamBYOBReader,
  ReadableStreamDefaultController,
  WritableStreamDefaultWriter,
  WritableStreamDefaultController,
  TransformStreamDefaultController,
  ByteLengthQueuingStrategy,
  CountQueuingStrategy,
  TextEncoderStream,
  TextDecoderStream,
  CompressionStream,
  DecompressionStream,
};
