/** From the options of a DateTimeFormat to a pattern, and from a pattern to its fields. */

/** The pattern for resolved options: letters of CLDR, quoted text, and what is neither. */
export function patternOf(data, fields) {
  const date = fields.dateStyle ? data.styles[fields.dateStyle] : datePattern(data, fields);
  const time = timePattern(data, fields);
  if (!date || !time) return date || time;
  return data[joinKind(fields, time)].replace("{1}", () => date).replace("{0}", () => time);
}

function joinKind({ dateStyle, weekday, year, month, day }, time) {
  if (time === "z") return "join";
  if (dateStyle === "full" || dateStyle === "long" || month === "long") return "joinLong";
  return weekday && !year && !month && !day ? "joinWeekday" : "join";
}

function datePattern(data, { weekday, year, month, day }) {
  const inText = month === "long" || month === "short" || month === "narrow";
  const key = [year && "y", month && (inText ? "MMM" : "M"), weekday && "E", day && "d"]
    .filter(Boolean)
    .join("");
  if (key === "") return "";
  if (key === "MMM") return "M".repeat({ long: 4, short: 3, narrow: 5 }[month]);
  const exact = month === "2-digit" && key === "yM" ? data.dates.yMM : undefined;
  // A combination that no locale names: its fields with spaces.
  const pattern = exact ?? data.dates[key] ?? key.replace(/MMM|[yMEd]/g, "$& ").trim();
  return widen(pattern, { y: year, M: month, E: weekday, d: day });
}

const WIDTH = { "2-digit": 2, short: 3, long: 4, narrow: 5 };

/** Makes fields as wide as the options ask for. */
function widen(pattern, wanted) {
  return pattern.replace(/M+|y+|E+|d+|H+|h+/g, (run) => {
    const width = wanted[run[0]];
    if (width === undefined) return run;
    if (run[0] === "E") return "E".repeat(WIDTH[width]);
    if (run[0] === "y") return width === "2-digit" ? "yy" : "y";
    if (run.length >= 3) return "M".repeat(WIDTH[width]);
    return width === "2-digit" ? run[0].repeat(2) : run;
  });
}

function timePattern(data, fields) {
  const {
    timeStyle,
    hour,
    minute,
    second,
    fractionalSecondDigits: fraction,
    timeZoneName,
  } = fields;
  const twelve = fields.hourCycle === "h12" || fields.hourCycle === "h11";
  const full = twelve ? data.time12 : "HH:mm:ss";
  let time = "";
  if (timeStyle) time = timeStyle === "short" ? full.replace(":ss", "") : full;
  else if (hour && (minute || second)) time = second ? full : full.replace(":ss", "");
  else if (hour) time = twelve ? data.hour12Only : data.hour24Only;
  else if (minute && second) time = "mm:ss";
  else if (minute) time = "m";
  else if (second) time = "s";
  if (fraction) {
    const digits = "S".repeat(fraction);
    time = time.includes("s") ? time.replace(/s+/, `$&${data.decimal}${digits}`) : time + digits;
  }
  time = widen(time, { H: hour, h: hour });
  const zone = timeZoneName || timeStyle === "full" || timeStyle === "long";
  if (!zone) return time;
  return time ? data.zone.replace("{0}", () => time) : "z";
}

const TYPES = {
  y: "year",
  M: "month",
  d: "day",
  E: "weekday",
  h: "hour",
  H: "hour",
  m: "minute",
  s: "second",
  S: "fractionalSecond",
  a: "dayPeriod",
  z: "timeZoneName",
};

/** `[{ type, letter, width } | { type: "literal", value }]` */
export function tokens(pattern) {
  const found = [];
  const literal = (value) => {
    const last = found.at(-1);
    if (last?.type === "literal") last.value += value;
    else if (value) found.push({ type: "literal", value });
  };
  for (const [run] of pattern.matchAll(/'[^']*'|([yMdEhHmsSaz])\1*|[^']/g)) {
    if (run[0] === "'") literal(run.slice(1, -1));
    else if (TYPES[run[0]]) found.push({ type: TYPES[run[0]], letter: run[0], width: run.length });
    else literal(run);
  }
  return found;
}
