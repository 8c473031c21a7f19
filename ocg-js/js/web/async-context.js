/**
 * The context that AsyncLocalStorage reads: an immutable Map in one variable.
 *
 * Whoever takes a callback for later binds it; the loader's rewriting of `await` calls the
 * `__ocg...` globals (ocg-js/src/loader/await_rewrite.rs). Promises bind their callbacks from
 * the moment at which node:async_hooks is loaded: without it there is nothing to carry.
 */
import { expose } from "ocg:host";
import { define } from "ocg:web/define";

const root = new Map();
let context = root;
// What the host calls runs in no context, whatever ran last.
expose("ocg:leave-context", () => {
  context = root;
});
/** The operand of the `await` that is just beginning. */
let held;
/** How many calls of an async generator's next, return or throw are on the stack. */
let advancing = 0;

/** The context in force now. */
export function capture() {
  return context;
}

/** Puts a context in force, for good. */
export function enter(other) {
  context = other;
}

/** Calls a function in a context. */
export function within(other, callback, self, args) {
  const before = context;
  context = other;
  try {
    return Reflect.apply(callback, self, args);
  } finally {
    context = before;
  }
}

/** The callback, to be called later in the context of now. */
export function bind(callback) {
  const captured = context;
  return function (...args) {
    return within(captured, callback, this, args);
  };
}

/** A foreign thenable's `then` is called in a microtask: it shall see the context of now. */
function carried(value) {
  if (value === null || (typeof value !== "object" && typeof value !== "function")) return value;
  if (value instanceof Promise) return value;
  const then = value.then;
  if (typeof then !== "function") return value;
  const captured = context;
  // oxlint-disable-next-line unicorn/no-thenable -- that is what it stands for
  return { then: (...args) => within(captured, then, value, args) };
}

define({
  __ocgCapture: capture,
  __ocgHold(value) {
    held = carried(value);
    return context;
  },
  __ocgKeep(value) {
    held = value;
    return context;
  },
  __ocgHeld() {
    const value = held;
    held = undefined;
    return value;
  },
  __ocgResume(captured, value) {
    context = captured;
    return value;
  },
  /** A generator that its consumer advances runs in the consumer's context. */
  __ocgYielded(captured, value) {
    if (advancing === 0) context = captured;
    return value;
  },
  __ocgRestore(captured, settled) {
    if (captured !== undefined && advancing === 0) context = captured;
    return settled;
  },
});

function patch(target, name, replacement) {
  const { value: original, ...attributes } = Object.getOwnPropertyDescriptor(target, name);
  const value = replacement(original);
  for (const key of ["name", "length"]) {
    Object.defineProperty(value, key, Object.getOwnPropertyDescriptor(original, key));
  }
  Object.defineProperty(target, name, { ...attributes, value });
}

function bound(callback) {
  if (typeof callback !== "function") return callback;
  const captured = context;
  return (value) => {
    const before = context;
    context = captured;
    try {
      return carried(callback(value));
    } finally {
      context = before;
    }
  };
}

let carrying = false;

/** Makes promises and async generators carry the context from now on. */
export function carry() {
  if (carrying) return;
  carrying = true;
  patch(
    Promise.prototype,
    "then",
    (then) =>
      function (fulfilled, rejected) {
        return Reflect.apply(then, this, [bound(fulfilled), bound(rejected)]);
      },
  );
  patch(
    Promise,
    "resolve",
    (resolve) =>
      function (value) {
        return Reflect.apply(resolve, this, [carried(value)]);
      },
  );
  const asyncGenerator = Object.getPrototypeOf(async function* () {}.prototype);
  for (const name of ["next", "return", "throw"]) {
    patch(
      asyncGenerator,
      name,
      (advance) =>
        function (...args) {
          advancing += 1;
          try {
            return Reflect.apply(advance, this, args);
          } finally {
            advancing -= 1;
          }
        },
    );
  }
}
