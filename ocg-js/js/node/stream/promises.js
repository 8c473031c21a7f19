// node:stream/promises

import { finished as whenFinished } from "node:internal/stream_end";
import { run } from "node:internal/stream_pipeline";

export function pipeline(...stages) {
  const last = stages.at(-1);
  const isOptions =
    last !== null &&
    typeof last === "object" &&
    typeof last.pipe !== "function" &&
    typeof last.write !== "function" &&
    !last[Symbol.iterator] &&
    !last[Symbol.asyncIterator];
  const options = isOptions ? stages.pop() : {};
  return new Promise((resolve, reject) => {
    run(stages, options, (error, value) => (error ? reject(error) : resolve(value)));
  });
}

export function finished(stream, options) {
  return new Promise((resolve, reject) => {
    whenFinished(stream, options ?? {}, (error) => (error ? reject(error) : resolve()));
  });
}

export default { finished, pipeline };
