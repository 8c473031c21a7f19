/** The line that says who wrote, where and when (plugin contract §6.2). */

/** Brackets and line breaks in a part would end the header early: the text is a stranger's. */
const headerPart = (text) =>
  text.replaceAll("[", "(").replaceAll("]", ")").replace(/\s+/g, " ").trim();

const trimmed = (value) => (typeof value === "string" ? value.trim() : "");

/** How the configuration wants envelopes. */
export function resolveEnvelopeFormatOptions(cfg) {
  const userTimezone = cfg?.agents?.defaults?.userTimezone;
  const zone = trimmed(userTimezone);
  return {
    timezone: zone ? (isTimeZone(zone) ? zone : "local") : undefined,
    includeTimestamp: true,
    includeElapsed: true,
    userTimezone,
  };
}

function isTimeZone(zone) {
  try {
    return Boolean(new Intl.DateTimeFormat("en-US", { timeZone: zone }));
  } catch {
    return false;
  }
}

/**
 * `[Channel from +elapsed time] body`
 *
 * @param {{ channel?: string, from?: string, host?: string, ip?: string, timestamp?: number | Date,
 *   previousTimestamp?: number | Date, envelope?: object, body: string }} params
 */
export function formatAgentEnvelope(params) {
  const { envelope = {} } = params;
  const elapsed = envelope.includeElapsed === false ? undefined : elapsedText(params);
  const from = headerPart(trimmed(params.from));
  const header = [
    headerPart(trimmed(params.channel) || "Channel"),
    [from, elapsed ? `+${elapsed}` : ""].filter(Boolean).join(" "),
    headerPart(trimmed(params.host)),
    headerPart(trimmed(params.ip)),
    envelope.includeTimestamp === false ? "" : timeText(params.timestamp, envelope),
  ];
  return `[${header.filter(Boolean).join(" ")}] ${params.body}`;
}

/** The same, with the writer in front of the body. */
export function formatInboundEnvelope(params) {
  const { chatType, fromMe, body } = params;
  const isDirect = !chatType || chatType === "direct" || chatType === "dm";
  const label = isDirect
    ? fromMe
      ? "(self)"
      : directLabel(params.from)
    : headerPart(trimmed(params.senderLabel) || senderLabel(params.sender ?? {}));
  return formatAgentEnvelope({ ...params, body: label ? `${label}: ${body}` : body });
}

function directLabel(from) {
  const label = headerPart(trimmed(from)).replace(/\s+id:.*$/i, "");
  return label.includes(":") ? "(sender)" : label;
}

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

function senderLabel({ name, username, tag, e164, id }) {
  const shown = trimmed(name) || trimmed(username) || trimmed(tag);
  const address = trimmed(e164) || trimmed(id);
  if (!shown || !address || shown === address || UUID.test(address)) return shown || address;
  return `${shown} (${address})`;
}

function elapsedText({ timestamp, previousTimestamp }) {
  if (!timestamp || !previousTimestamp) return undefined;
  const ms = Number(timestamp) - Number(previousTimestamp);
  if (!Number.isFinite(ms) || ms < 0) return undefined;
  const seconds = Math.round(ms / 1000);
  const minutes = Math.round(seconds / 60);
  if (minutes < 1) return `${seconds}s`;
  if (minutes < 60) return `${minutes}m`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours}h` : `${Math.round(hours / 24)}d`;
}

function timeText(timestamp, { timezone, userTimezone }) {
  if (timestamp === undefined) return "";
  const date = new Date(timestamp);
  if (Number.isNaN(date.getTime())) return "";
  const zone = trimmed(timezone).toLowerCase() || "local";
  if (zone === "utc" || zone === "gmt") return utcText(date);
  if (zone === "local" || zone === "host") return zonedText(date);
  const named = zone === "user" ? trimmed(userTimezone) : trimmed(timezone);
  return isTimeZone(named) ? zonedText(date, named) : utcText(date);
}

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

function utcText(date) {
  return `${DAYS[date.getUTCDay()]} ${date.toISOString().replace(/\.\d+Z$/, "Z")}`;
}

/** Where times cannot be put into a zone, UTC says the same moment. */
function zonedText(date, timeZone) {
  if (typeof Intl === "undefined") return utcText(date);
  const numeric = "2-digit";
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    year: "numeric",
    month: numeric,
    day: numeric,
    hour: numeric,
    minute: numeric,
    second: numeric,
    hourCycle: "h23",
    weekday: "short",
    timeZoneName: "short",
  });
  const part = Object.fromEntries(format.formatToParts(date).map((one) => [one.type, one.value]));
  const day = `${part.weekday} ${part.year}-${part.month}-${part.day}`;
  return `${day} ${part.hour}:${part.minute}:${part.second} ${part.timeZoneName ?? ""}`.trim();
}
