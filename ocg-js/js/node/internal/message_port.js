// Ports: the two ends of a channel of messages, in one isolate or in two.

import EventEmitter from "node:events";
import { channel } from "ocg:native/workers";
import { DOMException } from "ocg:web/dom-exception";
import { deserialize, serialize } from "ocg:web/message-codec";

/** The native halves of ports. @type {WeakMap<object, object>} */
const natives = new WeakMap();

const portOf = (value) => natives.get(value);

/** What moves with a message: a list, or options with one. */
const transferList = (transfer) => (Array.isArray(transfer) ? transfer : transfer?.transfer) ?? [];

/** A value as a native message. Buffers that are transferred are lost here. */
export function pack(value, transfer) {
  const list = [...transferList(transfer)];
  if (new Set(list).size < list.length) {
    throw new DOMException("Transfer list contains duplicate items", "DataCloneError");
  }
  const message = serialize(value, list, portOf);
  const copies = message.buffers.map((bytes) => bytes.slice());
  for (const item of list) if (item instanceof ArrayBuffer) item.transfer?.();
  return { ...message, buffers: copies };
}

export const unpack = (message) => deserialize(message, (native) => new MessagePort(native));

export class MessagePort extends EventEmitter {
  #native;
  #started = false;
  #closed = false;
  #handler = null;
  #wrapped = new Map();

  /** @param {object} native */
  constructor(native) {
    if (!native) throw new TypeError("Illegal constructor");
    super();
    this.#native = native;
    natives.set(this, native);
    this.on("newListener", (event) => {
      if (event === "message") queueMicrotask(() => this.start());
    });
  }

  start() {
    if (this.#started || this.#closed) return;
    this.#started = true;
    this.#receive();
  }

  async #receive() {
    for (;;) {
      const message = await this.#native.receive();
      if (message === undefined || this.#closed) break;
      let value;
      try {
        value = unpack(message);
      } catch (error) {
        this.emit("messageerror", error);
        continue;
      }
      this.emit("message", value);
    }
    this.#end();
  }

  postMessage(value, transfer) {
    if (arguments.length === 0) {
      throw new TypeError('The "message" argument must be specified');
    }
    const { text, buffers, ports } = pack(value, transfer);
    if (!this.#closed) this.#native.post(text, buffers, ports);
  }

  close(callback) {
    if (typeof callback === "function") this.once("close", callback);
    this.#native.close();
    if (!this.#started) setImmediate(() => this.#end());
  }

  #end() {
    if (this.#closed) return;
    this.#closed = true;
    this.#native.close();
    this.emit("close");
  }

  /** Whether messages may still come in for somebody. */
  get isListening() {
    return !this.#closed && this.listenerCount("message") > 0;
  }

  get onmessage() {
    return this.#handler;
  }

  set onmessage(handler) {
    if (this.#handler) this.removeEventListener("message", this.#handler);
    this.#handler = typeof handler === "function" ? handler : null;
    if (this.#handler) this.addEventListener("message", this.#handler);
  }

  addEventListener(type, listener, options) {
    if (this.#wrapped.has(listener)) return;
    const call = typeof listener === "function" ? listener : (event) => listener.handleEvent(event);
    const wrapped = (data) => call.call(this, { type, data, target: this, currentTarget: this });
    this.#wrapped.set(listener, wrapped);
    if (options?.once) this.once(type, wrapped);
    else this.on(type, wrapped);
  }

  removeEventListener(type, listener) {
    const wrapped = this.#wrapped.get(listener);
    if (!wrapped) return;
    this.#wrapped.delete(listener);
    this.off(type, wrapped);
  }

  /** The host decides how long an isolate lives. */
  ref() {}

  unref() {}

  hasRef() {
    return this.isListening;
  }
}

/** A message that waits at a port, without waiting for one. */
export function receiveMessageOnPort(port) {
  const native = natives.get(port);
  if (!native) throw new TypeError('The "port" argument must be a MessagePort instance');
  const message = native.tryReceive();
  return message === undefined ? undefined : { message: unpack(message) };
}

export class MessageChannel {
  constructor() {
    const [one, other] = channel();
    this.port1 = new MessagePort(one);
    this.port2 = new MessagePort(other);
  }
}
