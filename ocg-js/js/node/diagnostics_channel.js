// node:diagnostics_channel

const channels = new Map();

export class Channel {
  #subscribers = [];

  constructor(name) {
    this.name = name;
  }

  get hasSubscribers() {
    return this.#subscribers.length > 0;
  }

  subscribe(listener) {
    this.#subscribers = [...this.#subscribers, listener];
  }

  unsubscribe(listener) {
    const before = this.#subscribers.length;
    this.#subscribers = this.#subscribers.filter((known) => known !== listener);
    return this.#subscribers.length < before;
  }

  publish(message) {
    for (const listener of this.#subscribers) {
      try {
        listener(message, this.name);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  bindStore() {}

  unbindStore() {
    return false;
  }

  runStores(message, callback, self, ...args) {
    this.publish(message);
    return Reflect.apply(callback, self, args);
  }
}

export function channel(name) {
  if (!channels.has(name)) channels.set(name, new Channel(name));
  return channels.get(name);
}

export function hasSubscribers(name) {
  return channels.get(name)?.hasSubscribers ?? false;
}

export function subscribe(name, listener) {
  channel(name).subscribe(listener);
}

export function unsubscribe(name, listener) {
  return channel(name).unsubscribe(listener);
}

const EVENTS = ["start", "end", "asyncStart", "asyncEnd", "error"];

export class TracingChannel {
  constructor(names) {
    for (const event of EVENTS) {
      this[event] = typeof names === "string" ? channel(`tracing:${names}:${event}`) : names[event];
    }
  }

  get hasSubscribers() {
    return EVENTS.some((event) => this[event]?.hasSubscribers);
  }

  subscribe(handlers) {
    for (const event of EVENTS) if (handlers[event]) this[event].subscribe(handlers[event]);
  }

  unsubscribe(handlers) {
    return EVENTS.every((event) => !handlers[event] || this[event].unsubscribe(handlers[event]));
  }

  traceSync(callback, context = {}, self = undefined, ...args) {
    this.start.publish(context);
    try {
      context.result = Reflect.apply(callback, self, args);
      return context.result;
    } catch (error) {
      context.error = error;
      this.error.publish(context);
      throw error;
    } finally {
      this.end.publish(context);
    }
  }

  tracePromise(callback, context = {}, self = undefined, ...args) {
    const settle = (fields, isError) => {
      Object.assign(context, fields);
      if (isError) this.error.publish(context);
      this.asyncStart.publish(context);
      this.asyncEnd.publish(context);
    };
    this.start.publish(context);
    try {
      return Promise.resolve(Reflect.apply(callback, self, args)).then(
        (result) => {
          settle({ result }, false);
          return result;
        },
        (error) => {
          settle({ error }, true);
          throw error;
        },
      );
    } catch (error) {
      context.error = error;
      this.error.publish(context);
      throw error;
    } finally {
      this.end.publish(context);
    }
  }

  /** The function's callback, its last argument unless a position is given, is traced as well. */
  traceCallback(callback, position = -1, context = {}, self = undefined, ...args) {
    const given = args.at(position);
    const traced = (error, result) => {
      if (error) {
        context.error = error;
        this.error.publish(context);
      } else context.result = result;
      this.asyncStart.publish(context);
      try {
        return Reflect.apply(given, undefined, [error, result]);
      } finally {
        this.asyncEnd.publish(context);
      }
    };
    args.splice(position, 1, traced);
    this.start.publish(context);
    try {
      return Reflect.apply(callback, self, args);
    } catch (error) {
      context.error = error;
      this.error.publish(context);
      throw error;
    } finally {
      this.end.publish(context);
    }
  }
}

export function tracingChannel(names) {
  return new TracingChannel(names);
}

export default {
  Channel,
  channel,
  hasSubscribers,
  subscribe,
  unsubscribe,
  TracingChannel,
  tracingChannel,
};
