/** Decimal digits: rounding half away from zero on what a number's shortest text says. */

/** `{ negative, digits, point }`: the value is 0.digits × 10^point. */
export function decimalOf(value) {
  const negative = value < 0 || Object.is(value, -0);
  const text = String(value).replace(/^-/, "");
  const [mantissa, exponent = "0"] = text.split("e");
  const [whole, fraction = ""] = mantissa.split(".");
  const all = whole + fraction;
  const leading = /^0*/.exec(all)[0].length;
  const digits = all.slice(leading).replace(/0+$/, "");
  return { negative, digits, point: digits ? whole.length - leading + Number(exponent) : 0 };
}

/** Keeps the digits before the `kept`th place after the point. */
export function roundAt({ negative, digits, point }, kept) {
  const count = point + kept;
  if (count >= digits.length) return { negative, digits, point };
  if (count < 0) return { negative, digits: "", point: 0 };
  const up = digits[count] >= "5";
  const head = digits.slice(0, count);
  if (!up) {
    const left = head.replace(/0+$/, "");
    return { negative, digits: left, point: left ? point : 0 };
  }
  const raised = String(BigInt(`1${head}`) + 1n);
  const carried = raised[0] === "2";
  const text = (carried ? `1${raised.slice(1)}` : raised.slice(1)).replace(/0+$/, "");
  return { negative, digits: text, point: carried ? point + 1 : point };
}

/** `[whole, fraction]`, both plain digits. */
export function plain({ digits, point }) {
  if (point <= 0) return ["0", digits ? "0".repeat(-point) + digits : ""];
  return [digits.slice(0, point).padEnd(point, "0"), digits.slice(point)];
}
