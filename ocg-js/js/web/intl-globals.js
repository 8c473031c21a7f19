/**
 * `Intl` and the methods of the language that depend on it. Nothing of it is loaded before a
 * plugin uses it.
 */
import { defineLazily } from "ocg:web/define";
import { importSync } from "ocg:native/module";

let loaded;
const intl = () => (loaded ??= importSync("ocg:web/intl"));

defineLazily("Intl", () => intl().Intl);

function set(target, name, value) {
  Object.defineProperty(target, name, { value, writable: true, configurable: true });
}

const { getTime } = Date.prototype;
const dates = {
  toLocaleString: ["any", "all"],
  toLocaleDateString: ["date", "date"],
  toLocaleTimeString: ["time", "time"],
};
for (const [name, [required, defaults]] of Object.entries(dates)) {
  const method = {
    [name](locales = undefined, options = undefined) {
      Reflect.apply(getTime, this, []);
      return intl().locale.date(this, locales, options, required, defaults);
    },
  };
  set(Date.prototype, name, method[name]);
}

set(Number.prototype, "toLocaleString", function toLocaleString(locales, options) {
  return intl().locale.number(Number(this), locales, options);
});
set(BigInt.prototype, "toLocaleString", function toLocaleString(locales, options) {
  return intl().locale.number(BigInt(this), locales, options);
});

/** Both are letters of one case, or digits: their order is that of their codes. */
const PLAIN = /^(?:[a-z\d]*|[A-Z\d]*)$/;
set(String.prototype, "localeCompare", function localeCompare(that, locales, options) {
  const [left, right] = [String(this), String(that)];
  if (options === undefined && locales === undefined && PLAIN.test(left) && PLAIN.test(right)) {
    const [one, other] = [left.toLowerCase(), right.toLowerCase()];
    if (one !== other) return one < other ? -1 : 1;
  }
  return intl().locale.compare(left, right, locales, options);
});
