/** Intl.NumberFormat: decimals, percents, currencies, units and compact notation. */
import { decimalOf, plain, roundAt } from "ocg:web/intl/decimal";
import { dataFor, resolve, supportedLocalesOf } from "ocg:web/intl/locales";
import { NARROW, NUMBERS, WHOLE } from "ocg:web/intl/number-data";
import { digits, objectOf, option } from "ocg:web/intl/options";

const NAME = "Intl.NumberFormat";

/** How many digits are shown, as ECMA-402 resolves it. */
export function digitOptions(options, minimum, maximum) {
  const integers = digits(options, "minimumIntegerDigits", 1, 21, 1);
  const most = digits(options, "maximumSignificantDigits", 1, 21);
  const least = digits(options, "minimumSignificantDigits", 1, most ?? 21);
  if (most !== undefined || least !== undefined)
    return { integers, significant: [least ?? 1, most ?? 21] };
  let low = digits(options, "minimumFractionDigits", 0, 100);
  let high = digits(options, "maximumFractionDigits", 0, 100);
  const given = low !== undefined || high !== undefined;
  if (low !== undefined && high !== undefined && low > high)
    throw new RangeError("maximumFractionDigits value is out of range.");
  low ??= Math.min(minimum, high ?? minimum);
  high ??= Math.max(maximum, low);
  return { integers, fraction: [low, high], given };
}

/** `[whole, fraction]` digits of a value. */
export function rounded(value, { significant, fraction, integers }) {
  const decimal = decimalOf(value);
  if (significant) {
    const [least, most] = significant;
    const kept = roundAt(decimal, most - decimal.point);
    const [whole, part] = plain(kept);
    const shown = kept.digits ? Math.max(least - kept.point, 0) : least - 1;
    return [whole.padStart(integers, "0"), part.padEnd(shown, "0")];
  }
  const [whole, part] = plain(roundAt(decimal, fraction[1]));
  return [whole.padStart(integers, "0"), part.padEnd(fraction[0], "0")];
}

export class NumberFormat {
  #locale;
  #data;
  #settings;
  #digits;
  #format;

  constructor(locales, options) {
    const read = objectOf(options);
    this.#locale = resolve(locales);
    this.#data = dataFor(NUMBERS, this.#locale);
    const choose = (name, allowed, fallback) => option(read, name, allowed, fallback, NAME);
    const style = choose("style", ["decimal", "percent", "currency", "unit"], "decimal");
    const currency = choose("currency")?.toUpperCase();
    const unit = choose("unit");
    if (currency !== undefined && !/^[A-Z]{3}$/.test(currency))
      throw new RangeError(`Invalid currency code : ${read.currency}`);
    if (style === "currency" && currency === undefined)
      throw new TypeError("Currency code is required with currency style.");
    if (style === "unit" && unit === undefined)
      throw new TypeError("Required parameter 'unit' in the 'unit' style is missing.");
    if (style === "unit" && !this.#data.units.long[unit])
      throw new RangeError(`Invalid unit argument for Intl.NumberFormat() '${unit}'`);
    const notation = choose(
      "notation",
      ["standard", "scientific", "engineering", "compact"],
      "standard",
    );
    this.#settings = {
      style,
      ...(style === "currency"
        ? {
            currency,
            currencyDisplay: choose(
              "currencyDisplay",
              ["code", "symbol", "narrowSymbol", "name"],
              "symbol",
            ),
          }
        : {}),
      ...(style === "unit"
        ? { unit, unitDisplay: choose("unitDisplay", ["short", "narrow", "long"], "short") }
        : {}),
      notation: notation === "compact" ? "compact" : "standard",
      ...(notation === "compact"
        ? { compactDisplay: choose("compactDisplay", ["short", "long"], "short") }
        : {}),
      signDisplay: choose(
        "signDisplay",
        ["auto", "never", "always", "exceptZero", "negative"],
        "auto",
      ),
      useGrouping: grouping(read.useGrouping, notation),
    };
    const cents = WHOLE.has(currency) ? 0 : 2;
    const [low, high] = { currency: [cents, cents], percent: [0, 0] }[style] ?? [
      0,
      notation === "compact" ? 0 : 3,
    ];
    this.#digits = digitOptions(read, low, high);
    if (notation === "compact" && style !== "currency" && this.#digits.given === false)
      this.#digits.compact = true;
    if (notation === "compact" && style === "currency" && this.#digits.given === false)
      this.#digits = { ...this.#digits, fraction: [0, 0], compact: true };
  }

  get format() {
    this.#format ??= (value) =>
      this.formatToParts(value)
        .map((part) => part.value)
        .join("");
    return this.#format;
  }

  formatToParts(value) {
    const number = typeof value === "bigint" ? value : Number(value);
    const { style, signDisplay } = this.#settings;
    const body = [];
    let zero = number === 0 || number === 0n;
    let suffix = "";
    if (Number.isNaN(number)) body.push({ type: "nan", value: "NaN" });
    else if (number === Infinity || number === -Infinity)
      body.push({ type: "infinity", value: "∞" });
    else {
      let [scaled, ending] = [style === "percent" ? scale(number, 2) : String(number), ""];
      if (this.#settings.notation === "compact") [scaled, ending] = this.#compact(scaled);
      suffix = ending;
      const [whole, fraction] = rounded(scaled, this.#digitsFor(scaled));
      zero = /^0*$/.test(whole + fraction);
      body.push(...this.#grouped(whole));
      if (fraction)
        body.push(
          { type: "decimal", value: this.#data.decimal },
          { type: "fraction", value: fraction },
        );
    }
    if (suffix) body.push({ type: "compact", value: suffix });
    const negative = number < 0 || Object.is(number, -0);
    return this.#signed(this.#dressed(body, number), negative, zero, signDisplay);
  }

  formatRange(start, end) {
    const [from, to] = [this.format(start), this.format(end)];
    return from === to ? `~${from}` : `${from}–${to}`;
  }

  /** Compact numbers show two digits unless the whole part has more. */
  #digitsFor(scaled) {
    if (!this.#digits.compact) return this.#digits;
    const { point } = decimalOf(scaled);
    const { integers } = this.#digits;
    return point < 2 ? { integers, significant: [1, 2] } : { integers, fraction: [0, 0] };
  }

  /** `[the number in the unit, the unit's word]`; 999,999 becomes 1M, not 1000K. */
  #compact(text) {
    const steps = [[0, ""], ...this.#data.compact[this.#settings.compactDisplay]];
    const power = powerOf(text);
    let at = steps.findLastIndex(([zeros]) => zeros <= power);
    if (at < 0) at = 0;
    const inUnit = () => scale(text, -steps[at][0]);
    const next = steps[at + 1];
    if (next) {
      const [whole] = rounded(inUnit(), this.#digitsFor(inUnit()));
      if (whole.length > next[0] - steps[at][0]) at++;
    }
    return [inUnit(), steps[at][1]];
  }

  #grouped(whole) {
    const { useGrouping } = this.#settings;
    const least = useGrouping === "min2" ? 5 : 4;
    if (useGrouping === false || whole.length < least) return [{ type: "integer", value: whole }];
    const groups = whole.split(/(?=(?:\d{3})+$)/);
    return groups.flatMap((value, at) => [
      ...(at > 0 ? [{ type: "group", value: this.#data.group }] : []),
      { type: "integer", value },
    ]);
  }

  #dressed(body, number) {
    const { style, currency, currencyDisplay, unit, unitDisplay } = this.#settings;
    if (style === "percent") {
      return [...body, { type: "percentSign", value: this.#data.percent }];
    }
    if (style === "unit") {
      const words = this.#data.units[unitDisplay][unit];
      const word = Array.isArray(words) ? words[number === 1 || number === 1n ? 0 : 1] : words;
      const bare = word.trimStart();
      const space = word.length > bare.length ? [{ type: "literal", value: " " }] : [];
      return [...body, ...space, { type: "unit", value: bare }];
    }
    if (style !== "currency") return body;
    if (currencyDisplay === "name")
      return [...body, { type: "literal", value: " " }, { type: "currency", value: currency }];
    const known = this.#data.symbols[currency];
    const shown = { code: currency, symbol: known, narrowSymbol: NARROW[currency] }[
      currencyDisplay
    ];
    const symbol = shown ?? currency;
    const sign = { type: "currency", value: symbol };
    const space = { type: "literal", value: "\u00a0" };
    if (this.#data.currency.startsWith("0")) return [...body, space, sign];
    return /[A-Za-z]$/.test(symbol) ? [sign, space, ...body] : [sign, ...body];
  }

  #signed(parts, negative, zero, display) {
    const minus = { type: "minusSign", value: this.#data.minus };
    const plus = { type: "plusSign", value: "+" };
    if (display === "never") return parts;
    if (display === "always") return [negative ? minus : plus, ...parts];
    if (display === "exceptZero") return zero ? parts : [negative ? minus : plus, ...parts];
    if (display === "negative") return negative && !zero ? [minus, ...parts] : parts;
    return negative ? [minus, ...parts] : parts;
  }

  resolvedOptions() {
    const { integers, significant, fraction } = this.#digits;
    const {
      style,
      currency,
      currencyDisplay,
      unit,
      unitDisplay,
      useGrouping,
      notation,
      compactDisplay,
      signDisplay,
    } = this.#settings;
    const all = {
      locale: this.#locale,
      numberingSystem: "latn",
      style,
      currency,
      currencyDisplay,
      ...(currency ? { currencySign: "standard" } : {}),
      unit,
      unitDisplay,
      minimumIntegerDigits: integers,
      minimumFractionDigits: fraction?.[0],
      maximumFractionDigits: fraction?.[1],
      minimumSignificantDigits: significant?.[0],
      maximumSignificantDigits: significant?.[1],
      useGrouping,
      notation,
      compactDisplay,
      signDisplay,
      roundingIncrement: 1,
      roundingMode: "halfExpand",
      roundingPriority: "auto",
      trailingZeroDisplay: "auto",
    };
    return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  }

  static supportedLocalesOf(locales) {
    return supportedLocalesOf(locales);
  }

  get [Symbol.toStringTag]() {
    return NAME;
  }
}

function grouping(asked, notation) {
  const usual = notation === "compact" ? "min2" : "auto";
  if (asked === undefined || asked === "true" || asked === "false") return usual;
  if (asked === true) return "always";
  if (!asked) return false;
  if (!["min2", "auto", "always"].includes(asked))
    throw new RangeError(`Value ${asked} out of range for ${NAME} options property useGrouping`);
  return asked;
}

/** The power of ten of a number's first digit. */
function powerOf(value) {
  const { digits: any, point } = decimalOf(value);
  return any ? point - 1 : 0;
}

/** The decimal text of a number times ten to a power, exactly. */
function scale(value, power) {
  const [mantissa, exponent = "0"] = String(value).split("e");
  return `${mantissa}e${Number(exponent) + power}`;
}
