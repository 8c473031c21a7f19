/** Numbers, times and sizes. */

/** The longest delay that a timer takes, in milliseconds. */
export const MAX_TIMER_TIMEOUT_MS = 2_147_000_000;

/** The furthest time that a Date can hold, in milliseconds. */
const MAX_DATE_MS = 8.64e15;

const finite = (value) => (Number.isFinite(value) ? value : undefined);

/** A time in milliseconds that a Date can hold, or undefined. */
export function asDateTimestampMs(value) {
  return Number.isFinite(value) && Math.abs(value) <= MAX_DATE_MS ? value : undefined;
}

/** Whether a time lies ahead. */
export function isFutureDateTimestampMs(value, { nowMs = Date.now() } = {}) {
  const time = asDateTimestampMs(value);
  const now = asDateTimestampMs(nowMs);
  return time !== undefined && now !== undefined && time > now;
}

/** A positive integer from a number or its decimal text, or undefined. */
export function parseStrictPositiveInteger(value) {
  const isText = typeof value === "string" && /^[+-]?\d+$/.test(value.trim());
  const number = isText ? Number(value.trim()) : value;
  return Number.isSafeInteger(number) && number > 0 ? number : undefined;
}

/** Seconds as milliseconds that a timer takes; undefined where there is no positive number. */
export function finiteSecondsToTimerSafeMilliseconds(value, { floorSeconds = false } = {}) {
  if (finite(value) === undefined || value <= 0) return undefined;
  const ms = Math.floor((floorSeconds ? Math.floor(value) : value) * 1000);
  return ms > 0 ? Math.min(ms, MAX_TIMER_TIMEOUT_MS) : undefined;
}

/**
 * When something that lasts so long ends, or undefined where that cannot be told.
 *
 * @param {unknown} value milliseconds, a positive integer
 * @param {{ nowMs?: number, bufferMs?: number, minRemainingMs?: number }} [options]
 */
export function resolveExpiresAtMsFromDurationMs(value, options = {}) {
  const now = asDateTimestampMs(options.nowMs ?? Date.now());
  const buffer = finite(options.bufferMs ?? 0);
  if (!Number.isSafeInteger(value) || value <= 0) return undefined;
  if (now === undefined || buffer === undefined) return undefined;
  const end = asEnd(now + value - buffer);
  if (end === undefined || options.minRemainingMs === undefined) return end;
  const least = asEnd(now + options.minRemainingMs);
  return least === undefined ? end : Math.max(end, least);
}

function asEnd(time) {
  return Number.isSafeInteger(time) ? asDateTimestampMs(time) : undefined;
}

/** The same for a duration in seconds, which may be decimal text. */
export function resolveExpiresAtMsFromDurationSeconds(value, options = {}) {
  const seconds = parseStrictPositiveInteger(value);
  return seconds === undefined
    ? undefined
    : resolveExpiresAtMsFromDurationMs(seconds * 1000, options);
}

/** A time as ISO text; the fallback where it is none. */
export function resolveTimestampMsToIsoString(value, fallback = Date.now()) {
  const time = asDateTimestampMs(value) ?? asDateTimestampMs(fallback) ?? 0;
  return new Date(time).toISOString();
}

const UNITS = ["byte", "kilo", "mega", "giga", "tera"];
const LABELS = {
  iec: ["B", "KiB", "MiB", "GiB", "TiB"],
  "legacy-binary": ["B", "KB", "MB", "GB", "TB"],
};

/**
 * A size for people to read.
 *
 * @param {number} bytes
 * @param {{ style: "iec" | "legacy-binary", maxUnit: string, separator: string,
 *   fractionDigits: number | null | ((value: number, unit: string) => number | null),
 *   floorUnits?: string[] }} options
 */
export function formatByteSize(bytes, options) {
  const last = UNITS.indexOf(options.maxUnit);
  let at = 0;
  let value = bytes;
  for (; value >= 1024 && at < last; at++) value /= 1024;
  const unit = UNITS[at];
  const { fractionDigits, floorUnits, separator } = options;
  const digits =
    typeof fractionDigits === "function" ? fractionDigits(value, unit) : fractionDigits;
  const label = LABELS[options.style][at];
  if (digits === null) return `${value}${separator}${label}`;
  if (floorUnits?.includes(unit)) value = Math.floor(value * 10 ** digits) / 10 ** digits;
  return `${value.toFixed(digits)}${separator}${label}`;
}
