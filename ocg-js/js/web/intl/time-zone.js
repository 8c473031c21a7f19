/** Time zones: their names in the time zone database, and what they are called in a date. */
import * as native from "ocg:native/intl";

const FIXED = /^([+-])(\d{2})(?::?(\d{2}))?$/;
const UTC = new Set(["UTC", "GMT", "Etc/UTC", "Etc/GMT", "Etc/UCT", "Etc/Zulu", "Etc/Universal"]);

/** The zone's own spelling. @throws {RangeError} */
export function zoneNamed(name) {
  const text = String(name);
  const fixed = FIXED.exec(text);
  if (fixed && fixed[2] < 24 && (fixed[3] ?? 0) < 60)
    return `${fixed[1]}${fixed[2]}:${fixed[3] ?? "00"}`;
  const found = native.primaryTimeZone(text);
  if (found === undefined || found === null || fixed)
    throw new RangeError(`Invalid time zone specified: ${text}`);
  return UTC.has(found) ? "UTC" : found;
}

export function systemZone() {
  const name = native.systemTimeZone();
  return UTC.has(name) ? "UTC" : name;
}

/** `{ offset, abbreviation, summer }`, the offset in seconds east of UTC. */
export function zoneAt(zone, time) {
  const fixed = FIXED.exec(zone);
  if (fixed) {
    const offset = (fixed[2] * 3600 + fixed[3] * 60) * (fixed[1] === "-" ? -1 : 1);
    return { offset, abbreviation: "", summer: false };
  }
  if (zone === "UTC") return { offset: 0, abbreviation: "UTC", summer: false };
  const [offset, abbreviation, summer] = native.timeZoneAt(zone, time);
  return { offset, abbreviation, summer };
}

const two = (number) => String(number).padStart(2, "0");

function offsetName(offset, long) {
  if (offset === 0) return "GMT";
  const minutes = Math.floor(Math.abs(offset) / 60);
  const [hour, minute] = [Math.floor(minutes / 60), minutes % 60];
  const text = long ? `${two(hour)}:${two(minute)}` : `${hour}${minute ? `:${two(minute)}` : ""}`;
  return `GMT${offset < 0 ? "-" : "+"}${text}`;
}

/** Abbreviations that a reader of the locale knows. */
const AMERICAN = /^(?:E|C|M|P|AK|H)[SD]T$/;
const EUROPEAN = /^(?:GMT|BST|W?E?C?EST|CET|EET|WET)$/;

/** Long names by abbreviation; zones share abbreviations, hence the offset in hours. */
const LONG = {
  en: {
    "EST-5": "Eastern Standard Time",
    "EDT-4": "Eastern Daylight Time",
    "CST-6": "Central Standard Time",
    "CDT-5": "Central Daylight Time",
    "MST-7": "Mountain Standard Time",
    "MDT-6": "Mountain Daylight Time",
    "PST-8": "Pacific Standard Time",
    "PDT-7": "Pacific Daylight Time",
    GMT0: "Greenwich Mean Time",
    BST1: "British Summer Time",
    CET1: "Central European Standard Time",
    CEST2: "Central European Summer Time",
    EET2: "Eastern European Standard Time",
    EEST3: "Eastern European Summer Time",
    CST8: "China Standard Time",
    JST9: "Japan Standard Time",
    "IST5.5": "India Standard Time",
    UTC0: "Coordinated Universal Time",
  },
  zh: {
    "EST-5": "北美东部标准时间",
    "EDT-4": "北美东部夏令时间",
    "CST-6": "北美中部标准时间",
    "CDT-5": "北美中部夏令时间",
    "PST-8": "北美太平洋标准时间",
    "PDT-7": "北美太平洋夏令时间",
    GMT0: "格林尼治标准时间",
    CET1: "中欧标准时间",
    CEST2: "中欧夏令时间",
    CST8: "中国标准时间",
    JST9: "日本标准时间",
    "IST5.5": "印度时间",
    UTC0: "协调世界时",
  },
};

/** @param {"short" | "long" | "shortOffset" | "longOffset" | "shortGeneric" | "longGeneric"} style */
export function zoneName(locale, zone, time, style) {
  const { offset, abbreviation } = zoneAt(zone, time);
  if (style === "longOffset" || style === "shortOffset")
    return offsetName(offset, style === "longOffset");
  if (style.startsWith("long")) {
    const names = LONG[locale.slice(0, 2)] ?? {};
    return names[`${abbreviation}${offset / 3600}`] ?? offsetName(offset, true);
  }
  if (zone === "UTC") return "UTC";
  const european = locale === "en-GB" && zone.startsWith("Europe/") && EUROPEAN.test(abbreviation);
  const american =
    (locale === "en" || locale === "en-US" || locale === "en-CA") &&
    AMERICAN.test(abbreviation) &&
    offset < 0;
  return european || american ? abbreviation : offsetName(offset, false);
}
