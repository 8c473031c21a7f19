// X509Certificate (RFC 5280): what a certificate says, and whether a key signed it.

import * as native from "ocg:native/crypto";
import { Buffer } from "node:buffer";
import { keyBytes } from "node:internal/crypto_bytes";
import { children, oid, readElement, readPem, writePem } from "node:internal/crypto_der";
import { certificateKey, keyObject, publicKeyOf } from "node:internal/crypto_keys";
import { nodeError } from "node:internal/errors";

const NAMES = {
  "2.5.4.3": "CN",
  "2.5.4.5": "serialNumber",
  "2.5.4.6": "C",
  "2.5.4.7": "L",
  "2.5.4.8": "ST",
  "2.5.4.9": "street",
  "2.5.4.10": "O",
  "2.5.4.11": "OU",
  "1.2.840.113549.1.9.1": "emailAddress",
};

/** Digest by the OID of the signature algorithm; Ed25519 takes none. */
const SIGNATURES = {
  "1.2.840.113549.1.1.5": "sha1",
  "1.2.840.113549.1.1.11": "sha256",
  "1.2.840.113549.1.1.12": "sha384",
  "1.2.840.113549.1.1.13": "sha512",
  "1.2.840.10045.4.3.2": "sha256",
  "1.2.840.10045.4.3.3": "sha384",
  "1.2.840.10045.4.3.4": "sha512",
  "1.3.101.112": "",
};
const ALTERNATIVE_NAMES = "2.5.29.17";
const BASIC_CONSTRAINTS = "2.5.29.19";

function nameOf(element) {
  const parts = children(element.body).flatMap((set) => children(set.body));
  return parts
    .map((part) => {
      const [kind, value] = children(part.body);
      const name = oid(kind.body);
      return `${NAMES[name] ?? name}=${Buffer.from(value.body).toString()}`;
    })
    .join("\n");
}

/** UTCTime or GeneralizedTime. */
function timeOf({ tag, body }) {
  const text = Buffer.from(body).toString("latin1");
  const short = tag === 0x17;
  const year = short ? Number(text.slice(0, 2)) : Number(text.slice(0, 4));
  const rest = text
    .slice(short ? 2 : 4)
    .match(/\d{2}/g)
    .map(Number);
  const [month, day, hour, minute, second] = rest;
  const full = short ? year + (year < 50 ? 2000 : 1900) : year;
  return new Date(Date.UTC(full, month - 1, day, hour, minute, second));
}

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

const two = (number, filler = "0") => String(number).padStart(2, filler);

function timeText(date) {
  const clock = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map((n) => two(n));
  return `${MONTHS[date.getUTCMonth()]} ${two(date.getUTCDate(), " ")} ${clock.join(":")} ${date.getUTCFullYear()} GMT`;
}

function alternative({ tag, body }) {
  const text = Buffer.from(body).toString("latin1");
  if (tag === 0x82) return `DNS:${text}`;
  if (tag === 0x81) return `email:${text}`;
  if (tag === 0x86) return `URI:${text}`;
  if (tag !== 0x87) return "othername:<unsupported>";
  if (body.length === 4) return `IP Address:${[...body].join(".")}`;
  const groups = Buffer.from(body).toString("hex").match(/.{4}/g);
  return `IP Address:${groups.map((group) => Number.parseInt(group, 16).toString(16).toUpperCase()).join(":")}`;
}

export class X509Certificate {
  #der;
  #body;
  #fields;
  #signature;
  #algorithm;

  constructor(buffer) {
    const bytes = Buffer.from(keyBytes(buffer, "buffer"));
    const block = bytes[0] === 0x30 ? { der: bytes } : readPem(bytes.toString("latin1"));
    if (!block)
      throw nodeError(
        Error,
        "ERR_OSSL_PEM_NO_START_LINE",
        "error:0480006C:PEM routines::no start line",
      );
    try {
      const whole = readElement(block.der);
      const [body, algorithm, signature] = children(whole.body);
      this.#der = Buffer.from(whole.raw);
      this.#body = body.raw;
      const fields = children(body.body);
      this.#fields = fields[0].tag === 0xa0 ? fields.slice(1) : fields;
      this.#algorithm = oid(children(algorithm.body)[0].body);
      this.#signature = signature.body.subarray(1);
    } catch {
      throw nodeError(
        Error,
        "ERR_OSSL_ASN1_WRONG_TAG",
        "error:068000A8:asn1 encoding routines::wrong tag",
      );
    }
  }

  get subject() {
    return nameOf(this.#fields[4]) || undefined;
  }

  get issuer() {
    return nameOf(this.#fields[2]) || undefined;
  }

  get serialNumber() {
    const digits = Buffer.from(this.#fields[0].body).toString("hex").toUpperCase();
    return digits.replace(/^(?:00)+(?=..)/, "");
  }

  get validFromDate() {
    return timeOf(children(this.#fields[3].body)[0]);
  }

  get validToDate() {
    return timeOf(children(this.#fields[3].body)[1]);
  }

  get validFrom() {
    return timeText(this.validFromDate);
  }

  get validTo() {
    return timeText(this.validToDate);
  }

  get subjectAltName() {
    const found = this.#extension(ALTERNATIVE_NAMES);
    return found && children(readElement(found).body).map(alternative).join(", ");
  }

  get ca() {
    const found = this.#extension(BASIC_CONSTRAINTS);
    const first = found && children(readElement(found).body)[0];
    return first?.tag === 1 && first.body[0] !== 0;
  }

  get raw() {
    return Buffer.from(this.#der);
  }

  get publicKey() {
    return keyObject(native.decodeKey("spki", certificateKey(this.#der)));
  }

  get fingerprint() {
    return this.#fingerprint("sha1");
  }

  get fingerprint256() {
    return this.#fingerprint("sha256");
  }

  get fingerprint512() {
    return this.#fingerprint("sha512");
  }

  /** Whether the owner of the key signed this certificate. */
  verify(publicKey) {
    const digest = SIGNATURES[this.#algorithm];
    if (digest === undefined) return false;
    const data = digest ? new Uint8Array(native.hashOnce(digest, this.#body)) : this.#body;
    return publicKeyOf(publicKey).verify(digest, data, 1, -2, true, this.#signature);
  }

  checkPrivateKey(privateKey) {
    const own = this.publicKey.export({ format: "der", type: "spki" });
    return Buffer.from(publicKeyOf(privateKey).encode("spki")).equals(own);
  }

  checkIssued(other) {
    return this.issuer === other.subject && this.verify(other.publicKey);
  }

  /** The name of the certificate that covers the host, or undefined (RFC 6125). */
  checkHost(name) {
    const listed = (this.subjectAltName ?? "")
      .split(", ")
      .filter((entry) => entry.startsWith("DNS:"));
    const common = /(?:^|\n)CN=(.*)/.exec(this.subject ?? "")?.[1];
    const names =
      listed.length > 0 ? listed.map((entry) => entry.slice(4)) : common ? [common] : [];
    const host = String(name).toLowerCase();
    return names.find((pattern) => {
      const lower = pattern.toLowerCase();
      if (!lower.startsWith("*.")) return lower === host;
      return host.slice(host.indexOf(".")) === lower.slice(1) && host.indexOf(".") > 0;
    });
  }

  toString() {
    return writePem("CERTIFICATE", this.#der);
  }

  toJSON() {
    return this.toString();
  }

  #fingerprint(digest) {
    const hex = Buffer.from(native.hashOnce(digest, this.#der)).toString("hex").toUpperCase();
    return hex.match(/../g).join(":");
  }

  #extension(wanted) {
    const tagged = this.#fields.find(({ tag }) => tag === 0xa3);
    if (!tagged) return undefined;
    for (const extension of children(children(tagged.body)[0].body)) {
      const parts = children(extension.body);
      if (oid(parts[0].body) === wanted) return parts.at(-1).body;
    }
    return undefined;
  }
}
