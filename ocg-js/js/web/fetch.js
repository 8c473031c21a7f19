/** fetch (Fetch standard), over the requests that Rust makes. */
import { request as start } from "ocg:native/http";
import { Body } from "ocg:web/body";
import { noteAnswer, noteNoAnswer } from "ocg:web/exchange-watch";
import { Headers } from "ocg:web/headers";
import { requestBegins, requestEnds } from "ocg:web/outgoing";
import { Request } from "ocg:web/request";
import { Response } from "ocg:web/response";

/** What Node's fetch sends unless the caller says otherwise. */
const DEFAULTS = [
  ["accept", "*/*"],
  ["accept-language", "*"],
  ["sec-fetch-mode", "cors"],
  ["user-agent", "node"],
];

function headersOf(request) {
  const flat = Headers.toNative(request.headers);
  for (const [name, value] of DEFAULTS) {
    if (!request.headers.has(name)) flat.push(name, value);
  }
  return flat;
}

/** Sends a streamed body while the response is awaited. */
async function upload(stream, exchange) {
  try {
    for await (const chunk of stream) await exchange.push(chunk);
    exchange.finish();
  } catch {
    // The response fails as well and says why.
    exchange.abort();
  }
}

async function bodyOf(request) {
  const { bytes, blob, stream } = Body.contentOf(request);
  if (stream) return true;
  return blob ? new Uint8Array(await blob.arrayBuffer()) : bytes;
}

export async function fetch(input, init) {
  try {
    const response = await exchangeOf(input, init);
    noteAnswer(response.status, response.headers.get("content-type"));
    return response;
  } catch (error) {
    noteNoAnswer(error);
    throw error;
  }
}

async function exchangeOf(input, init) {
  const request = new Request(input, init);
  const { signal } = request;
  signal?.throwIfAborted();
  if (!/^https?:$/.test(new URL(request.url).protocol)) {
    const cause = new Error("unknown scheme");
    throw new TypeError("fetch failed", { cause });
  }
  const body = await bodyOf(request);
  signal?.throwIfAborted();
  const exchange = start(request.method, request.url, headersOf(request), body, request.redirect);
  requestBegins();
  exchange.response.then(requestEnds, requestEnds);
  const { stream } = Body.contentOf(request);
  if (stream) upload(stream, exchange);
  if (!signal) return Response.fromNative(await exchange.response, exchange);
  return awaitWithSignal(exchange, signal);
}

/** The exchange as a body: an abort rejects with the signal's reason, and listens no longer than needed. */
function guardedBy(signal, exchange, stop) {
  const guarded = async (promise, isLast) => {
    try {
      const value = await promise;
      if (isLast(value)) stop();
      return value;
    } catch (error) {
      stop();
      throw signal.aborted ? signal.reason : error;
    }
  };
  return {
    read: () => guarded(exchange.read(), (chunk) => chunk === undefined),
    text: () => guarded(exchange.text(), () => true),
    bytes: () => guarded(exchange.bytes(), () => true),
    abort() {
      stop();
      exchange.abort();
    },
  };
}

async function awaitWithSignal(exchange, signal) {
  const onAbort = () => exchange.abort();
  const stop = () => signal.removeEventListener("abort", onAbort);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    const head = await exchange.response;
    return Response.fromNative(head, guardedBy(signal, exchange, stop));
  } catch (error) {
    stop();
    throw signal.aborted ? signal.reason : error;
  }
}
