/** Intl.DateTimeFormat: the Gregorian calendar and Latin digits. */
import { DATES } from "ocg:web/intl/date-data";
import { patternOf, tokens } from "ocg:web/intl/date-pattern";
import { dataFor, resolve, supportedLocalesOf } from "ocg:web/intl/locales";
import { digits, flag, objectOf, option } from "ocg:web/intl/options";
import { systemZone, zoneAt, zoneName, zoneNamed } from "ocg:web/intl/time-zone";

const TEXT = ["narrow", "short", "long"];
const NUMBER = ["2-digit", "numeric"];
const STYLES = ["full", "long", "medium", "short"];
const DATE_FIELDS = ["weekday", "year", "month", "day"];
const TIME_FIELDS = ["hour", "minute", "second", "fractionalSecondDigits", "dayPeriod"];
const ALLOWED = {
  weekday: TEXT,
  era: TEXT,
  year: NUMBER,
  month: [...NUMBER, ...TEXT],
  day: NUMBER,
  dayPeriod: TEXT,
  hour: NUMBER,
  minute: NUMBER,
  second: NUMBER,
  timeZoneName: ["short", "long", "shortOffset", "longOffset", "shortGeneric", "longGeneric"],
  dateStyle: STYLES,
  timeStyle: STYLES,
};

/** Which fields `required` asks for, and which are shown when none is asked for. */
function fieldsOf(options, required, defaults) {
  const fields = {};
  for (const [name, allowed] of Object.entries(ALLOWED)) {
    const value = option(options, name, allowed, undefined, "Intl.DateTimeFormat");
    if (value !== undefined) fields[name] = value;
  }
  const fraction = digits(options, "fractionalSecondDigits", 1, 3);
  if (fraction) fields.fractionalSecondDigits = fraction;
  if (fields.dateStyle || fields.timeStyle) {
    const clash = [...DATE_FIELDS, ...TIME_FIELDS, "timeZoneName", "era"].some(
      (name) => fields[name],
    );
    const other = required === "date" ? fields.timeStyle : required === "time" && fields.dateStyle;
    if (other)
      throw new TypeError(`Invalid option : ${required === "date" ? "timeStyle" : "dateStyle"}`);
    if (clash) throw new TypeError("Invalid option : option");
    return fields;
  }
  const asked = (names) => names.some((name) => fields[name] !== undefined);
  const needed =
    !(required !== "time" && asked(DATE_FIELDS)) && !(required !== "date" && asked(TIME_FIELDS));
  if (needed && defaults !== "time") fields.year = fields.month = fields.day = "numeric";
  if (needed && defaults !== "date") fields.hour = fields.minute = fields.second = "numeric";
  return fields;
}

export class DateTimeFormat {
  #locale;
  #data;
  #zone;
  #fields;
  #tokens;
  #format;

  constructor(locales, options, required = "any", defaults = "date") {
    // Called as a function it makes a new one as well.
    const read = objectOf(options);
    this.#locale = resolve(locales);
    this.#data = dataFor(DATES, this.#locale);
    const hour12 = flag(read, "hour12");
    const cycle = option(
      read,
      "hourCycle",
      ["h11", "h12", "h23", "h24"],
      undefined,
      "Intl.DateTimeFormat",
    );
    this.#zone = read.timeZone === undefined ? systemZone() : zoneNamed(read.timeZone);
    this.#fields = fieldsOf(read, required, defaults);
    if (this.#fields.hour || this.#fields.timeStyle) {
      const usual = this.#data.hour12 ? "h12" : "h23";
      this.#fields.hourCycle = hour12 === undefined ? (cycle ?? usual) : hour12 ? "h12" : "h23";
    }
    this.#tokens = tokens(patternOf(this.#data, this.#fields));
  }

  get format() {
    // V8 writes a plain space before AM and PM, though the part has a narrow one.
    this.#format ??= (date) => textOf(this.formatToParts(date));
    return this.#format;
  }

  formatToParts(date) {
    const time = date === undefined ? Date.now() : Number(date);
    if (!(Math.abs(time) <= 8.64e15)) throw new RangeError("Invalid time value");
    // A Date whose UTC fields are the zone's wall clock.
    const wall = new Date(time + zoneAt(this.#zone, time).offset * 1000);
    return this.#tokens.map((token) =>
      token.type === "literal"
        ? { type: "literal", value: token.value }
        : { type: token.type, value: this.#field(token, wall, time) },
    );
  }

  /** Both ends in full; the same end twice is written once. */
  formatRange(start, end) {
    return textOf(this.formatRangeToParts(start, end));
  }

  formatRangeToParts(start, end) {
    if (start === undefined || end === undefined)
      throw new TypeError("startDate or endDate cannot be undefined");
    const from = this.formatToParts(start);
    if (this.format(start) === this.format(end))
      return from.map((part) => ({ ...part, source: "shared" }));
    return [
      ...from.map((part) => ({ ...part, source: "startRange" })),
      { type: "literal", value: " – ", source: "shared" },
      ...this.formatToParts(end).map((part) => ({ ...part, source: "endRange" })),
    ];
  }

  #field({ letter, width }, wall, time) {
    const padded = (number) => String(number).padStart(width, "0");
    const words = { 3: "short", 4: "long", 5: "narrow" };
    const hour = wall.getUTCHours();
    switch (letter) {
      case "y": {
        const year = wall.getUTCFullYear();
        const shown = year > 0 ? year : 1 - year;
        return width === 2 ? String(shown % 100).padStart(2, "0") : String(shown);
      }
      case "M":
        return width > 2
          ? this.#data.months[words[width]][wall.getUTCMonth()]
          : padded(wall.getUTCMonth() + 1);
      case "d":
        return padded(wall.getUTCDate());
      case "E":
        return this.#data.weekdays[words[width] ?? "short"][wall.getUTCDay()];
      case "h":
        return padded(this.#fields.hourCycle === "h11" ? hour % 12 : hour % 12 || 12);
      case "H":
        return padded(this.#fields.hourCycle === "h24" ? hour || 24 : hour);
      case "m":
        return padded(wall.getUTCMinutes());
      case "s":
        return padded(wall.getUTCSeconds());
      case "S":
        return String(wall.getUTCMilliseconds()).padStart(3, "0").slice(0, width);
      case "a":
        return this.#data.dayPeriods[hour < 12 ? 0 : 1];
      default:
        return zoneName(this.#locale, this.#zone, time, this.#zoneStyle());
    }
  }

  #zoneStyle() {
    return this.#fields.timeZoneName ?? (this.#fields.timeStyle === "full" ? "long" : "short");
  }

  resolvedOptions() {
    const { hourCycle, ...fields } = this.#fields;
    return {
      locale: this.#locale,
      calendar: "gregory",
      numberingSystem: "latn",
      timeZone: this.#zone,
      ...(hourCycle ? { hourCycle, hour12: hourCycle === "h12" || hourCycle === "h11" } : {}),
      ...shown(fields, this.#tokens),
    };
  }

  static supportedLocalesOf(locales) {
    return supportedLocalesOf(locales);
  }

  get [Symbol.toStringTag]() {
    return "Intl.DateTimeFormat";
  }
}

const textOf = (parts) =>
  parts
    .map((part) => part.value)
    .join("")
    .replaceAll("\u202f", " ");

/** The fields in the order and in the width in which they are written. */
function shown(fields, written) {
  const numbers = new Set(["day", "month", "hour", "minute", "second"]);
  const result = {};
  for (const name of [
    ...Object.keys(ALLOWED).slice(0, 9),
    "fractionalSecondDigits",
    "timeZoneName",
    "dateStyle",
    "timeStyle",
  ]) {
    if (fields[name] === undefined) continue;
    const token = written.find(({ type }) => type === name);
    const wide = numbers.has(name) && token?.width === 2;
    result[name] = wide ? "2-digit" : fields[name];
  }
  return result;
}
