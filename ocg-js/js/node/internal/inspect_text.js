// Text for util.inspect: quoting, colours, width, lines.

export const COLORS = {
  reset: [0, 0],
  bold: [1, 22],
  dim: [2, 22],
  italic: [3, 23],
  underline: [4, 24],
  blink: [5, 25],
  inverse: [7, 27],
  hidden: [8, 28],
  strikethrough: [9, 29],
  doubleunderline: [21, 24],
  black: [30, 39],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  magenta: [35, 39],
  cyan: [36, 39],
  white: [37, 39],
  gray: [90, 39],
  grey: [90, 39],
  blackBright: [90, 39],
  redBright: [91, 39],
  greenBright: [92, 39],
  yellowBright: [93, 39],
  blueBright: [94, 39],
  magentaBright: [95, 39],
  cyanBright: [96, 39],
  whiteBright: [97, 39],
  bgBlack: [40, 49],
  bgRed: [41, 49],
  bgGreen: [42, 49],
  bgYellow: [43, 49],
  bgBlue: [44, 49],
  bgMagenta: [45, 49],
  bgCyan: [46, 49],
  bgWhite: [47, 49],
};

export const STYLES = {
  special: "cyan",
  number: "yellow",
  bigint: "yellow",
  boolean: "yellow",
  undefined: "grey",
  null: "bold",
  string: "green",
  symbol: "green",
  date: "magenta",
  regexp: "red",
  module: "underline",
};

export const ANSI = new RegExp(
  "[\\u001B\\u009B][[\\]()#;?]*(?:(?:(?:;[-a-zA-Z\\d/#&.:=?%@~_]+)*|[a-zA-Z\\d]+(?:;[-a-zA-Z\\d/#&.:=?%@~_]*)*)?\\u0007|(?:\\d{1,4}(?:;\\d{0,4})*)?[\\dA-PR-TZcf-ntqry=><~])",
  "g",
);

/** Columns that a text takes on a terminal. */
export function width(text) {
  let columns = 0;
  for (const char of text.replace(ANSI, "").normalize("NFC")) {
    const code = char.codePointAt(0);
    if (code < 0x20 || (code >= 0x7f && code < 0xa0) || /\p{Mn}|\p{Me}|\p{Cf}/u.test(char))
      continue;
    columns += isWide(code) ? 2 : 1;
  }
  return columns;
}

function isWide(code) {
  return (
    code >= 0x1100 &&
    (code <= 0x115f ||
      (code >= 0x2e80 && code <= 0xa4cf && code !== 0x303f) ||
      (code >= 0xac00 && code <= 0xd7a3) ||
      (code >= 0xf900 && code <= 0xfaff) ||
      (code >= 0xfe30 && code <= 0xfe6f) ||
      (code >= 0xff00 && code <= 0xff60) ||
      (code >= 0xffe0 && code <= 0xffe6) ||
      (code >= 0x1f300 && code <= 0x1faff) ||
      (code >= 0x20000 && code <= 0x3fffd))
  );
}

const SHORT = { "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", "\\": "\\\\" };

/** A string as a literal, in the quotes that need the fewest escapes. */
export function quote(text) {
  let mark = "'";
  if (text.includes("'")) {
    if (!text.includes('"')) mark = '"';
    else if (!text.includes("`") && !text.includes("${")) mark = "`";
  }
  const escaped = text.replace(
    /[\0-\x1f\x27\x5c\x7f-\x9f]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
    (char) => {
      if (char === "'") return mark === "'" ? "\\'" : char;
      if (SHORT[char]) return SHORT[char];
      const code = char.charCodeAt(0);
      if (code < 256) return `\\x${code.toString(16).toUpperCase().padStart(2, "0")}`;
      return `\\u${code.toString(16)}`;
    },
  );
  return mark + escaped + mark;
}

/**
 * Arranges the entries of a long array in columns.
 * @param {string[]} output
 * @param {{ breakLength: number, compact: number, indentation: number }} ctx
 * @param {boolean} hasMore whether the last entry says how many were left out
 * @param {boolean} numeric
 */
export function columns(output, ctx, hasMore, numeric) {
  const count = hasMore ? output.length - 1 : output.length;
  const widths = output.slice(0, count).map(width);
  const total = widths.reduce((sum, item) => sum + item + 2, 0);
  const longest = Math.max(...widths);
  const cell = longest + 2;
  if (cell * 3 + ctx.indentation >= ctx.breakLength) return output;
  if (!(total / cell > 5 || longest <= 6)) return output;
  // Roughly square: a character is about two and a half times as high as wide.
  const bias = Math.max(longest - Math.sqrt(cell - total / output.length), 1);
  const wanted = Math.min(
    Math.round(Math.sqrt(2.5 * bias * count) / bias),
    Math.floor((ctx.breakLength - ctx.indentation) / cell),
    ctx.compact * 4,
    15,
  );
  if (wanted <= 1) return output;
  const columnWidths = [];
  for (let i = 0; i < wanted; i++) {
    let widest = 0;
    for (let j = i; j < count; j += wanted) widest = Math.max(widest, widths[j]);
    columnWidths.push(widest + 2);
  }
  const rows = [];
  for (let i = 0; i < count; i += wanted) {
    const end = Math.min(i + wanted, count);
    let row = "";
    for (let j = i; j < end; j++) {
      const last = j === end - 1;
      const text = last ? output[j] : `${output[j]}, `;
      const size = columnWidths[j - i] + output[j].length - widths[j] - (last ? 2 : 0);
      if (numeric) row += text.padStart(size);
      else row += last ? text : text.padEnd(size);
    }
    rows.push(row);
  }
  if (hasMore) rows.push(output[count]);
  return rows;
}
