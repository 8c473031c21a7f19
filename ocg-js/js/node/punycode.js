// node:punycode

import * as native from "ocg:native/url";

export const version = "2.1.0";

/** Each label apart: IDNA refuses whole names for reasons that punycode does not know. */
function labels(domain, convert) {
  const at = domain.lastIndexOf("@");
  const user = at < 0 ? "" : domain.slice(0, at + 1);
  return (
    user +
    domain
      .slice(at + 1)
      .replace(/[\u3002\uff0e\uff61]/g, ".")
      .split(".")
      .map(convert)
      .join(".")
  );
}

export function toASCII(domain) {
  return labels(domain, (label) =>
    /[^\0-\x7f]/.test(label) ? (native.labelToASCII(label) ?? label) : label,
  );
}

export function toUnicode(domain) {
  return labels(domain, (label) =>
    label.startsWith("xn--") ? native.labelToUnicode(label) : label,
  );
}

export function encode(text) {
  return toASCII(text).replace(/^xn--/, "");
}

export function decode(text) {
  return toUnicode(`xn--${text}`);
}

export const ucs2 = {
  decode: (text) => Array.from(text, (char) => char.codePointAt(0)),
  encode: (points) => String.fromCodePoint(...points),
};

export default { version, toASCII, toUnicode, encode, decode, ucs2 };
