// tls.TLSSocket: a socket on which Rust speaks TLS.

import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { nodeError } from "node:internal/errors";
import { isIP } from "node:internal/net_address";
import { connectArguments, Socket } from "node:internal/net_socket";

const pem = (ca) =>
  ca === undefined || ca === null ? undefined : [ca].flat(3).map(String).join("\n");

export class TLSSocket extends Socket {
  constructor(socket, options = {}) {
    super(options);
    this.encrypted = true;
    this.authorized = false;
    this.authorizationError = null;
    this.alpnProtocol = false;
    this._tls = options;
    this._under = socket ?? null;
  }

  /** The handshake, on a connection that is there already or still to be made. */
  async _dial(options, host, port) {
    const under = this._under;
    if (under) {
      if (!(under instanceof Socket))
        throw nodeError(
          TypeError,
          "ERR_INVALID_ARG_TYPE",
          "TLS runs on net.Socket only, not on other streams",
        );
      await new Promise((resolve, reject) => {
        if (under.destroyed) reject(new Error("the socket was destroyed"));
        else under._whenOpen(resolve);
        under.once("error", reject);
        under.once("close", () => reject(new Error("the socket was closed")));
      });
      this._raw = under._handle;
      // From here on the connection is ours; the old socket only looks on.
      this.once("close", () => under.destroy());
    } else {
      await super._dial(options, host, port);
      if (this.destroyed) return;
    }
    this.emit("connect");
    await this._raw.secure({
      servername: this.servername,
      alpn: [options.ALPNProtocols ?? []].flat().map(String),
      ca: pem(options.ca ?? options.secureContext?.ca),
      rejectUnauthorized: options.rejectUnauthorized,
    });
    if (this.destroyed) {
      this._raw.close();
      return;
    }
    const [alpn] = this._raw.agreed;
    this.alpnProtocol = alpn ?? false;
    this.authorized = true;
    super._open(this._raw);
  }

  /** Nothing is read or written before the handshake. */
  _open(handle) {
    this._raw = handle;
  }

  _destroy(error, callback) {
    this._raw?.close();
    super._destroy(error, callback);
  }

  /** Both `connect` and `secureConnect` announce a TLS socket; the latter when it can be used. */
  connect(...args) {
    const [options, listener] = connectArguments(args);
    this._host = options.host ?? options.servername ?? "localhost";
    this.servername = options.servername || this._host;
    if (listener) this.once("secureConnect", listener);
    this.connecting = true;
    this._dial(options, this._host, Number(options.port)).then(
      () => {
        if (this.destroyed) return;
        this.emit("secureConnect");
        this.emit("ready");
      },
      (error) => {
        this.connecting = false;
        if (error.code?.startsWith("CERT_") || error.code?.includes("CERT"))
          this.authorizationError = error.code;
        this.destroy(error);
      },
    );
    return this;
  }

  getPeerCertificate() {
    const der = this._handle?.peerCertificate;
    if (!der) return {};
    const raw = Buffer.from(der);
    const print = (name) =>
      createHash(name).update(raw).digest("hex").toUpperCase().match(/../g).join(":");
    return { raw, fingerprint: print("sha1"), fingerprint256: print("sha256") };
  }

  getProtocol() {
    return this._handle?.agreed?.[1] ?? null;
  }

  getCipher() {
    const name = this._handle?.agreed?.[2];
    return name ? { name, standardName: name, version: this.getProtocol() } : {};
  }

  getSession() {
    return undefined;
  }

  isSessionReused() {
    return false;
  }

  setServername(name) {
    this.servername = name;
  }

  setMaxSendFragment() {
    return true;
  }

  disableRenegotiation() {}
}

export function connect(...args) {
  const [given, listener] = connectArguments(args);
  const options = {
    ...args.find((argument, at) => at > 0 && typeof argument === "object"),
    ...given,
  };
  const socket = new TLSSocket(options.socket, options);
  // An address is no name to be indicated, but a certificate may be made out to it.
  if (!options.servername && isIP(options.host ?? "")) options.servername = options.host;
  if (options.timeout) socket.setTimeout(options.timeout);
  if (!options.socket && options.port === undefined)
    throw nodeError(TypeError, "ERR_MISSING_ARGS", 'The "options.port" argument must be specified');
  return listener ? socket.connect(options, listener) : socket.connect(options);
}
