import { connect as connectTcp, isIP, type LookupFunction, type Socket } from "node:net";
import { connect as connectTls, createSecureContext, type SecureContext } from "node:tls";

/** An upstream to connect to; `prefix` is the path of its URL, without a slash at its end. */
export interface Target {
  readonly secure: boolean;
  readonly hostname: string;
  readonly port: number;
  /** As in a Host field: with the port unless it is the scheme's own. */
  readonly authority: string;
  readonly prefix: string;
}

export const targetOf = (address: string): Target => {
  const url = new URL(address);
  const secure = url.protocol === "https:";
  return {
    secure,
    hostname: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? (secure ? 443 : 80) : Number(url.port),
    authority: url.host,
    prefix: url.pathname.replace(/\/+$/, ""),
  };
};

/**
 * All plain connections read into this one buffer, one after the other: a buffer of its own for each read, 64 KiB cut down to
 * what came, costs more than copying what is kept (measured: a fifth of the CPU of a mirrored request).
 */
const READ_BUFFER = Buffer.allocUnsafeSlow(65_536);

/** Receives what the upstream sends; the bytes are good only until it returns, so whoever keeps them copies them. */
export type Receive = (bytes: Buffer) => void;

/** Made once: it reads all root certificates, which for each connection took longer than the rest of connecting. */
let secureContext: SecureContext | undefined;

/** Emits `connect` (or `secureConnect`) once usable; certificates are always verified. */
export const connectTo = (target: Target, lookup: LookupFunction, receive: Receive): Socket => {
  const { hostname: host, port } = target;
  if (target.secure) {
    const name = isIP(host) === 0 ? { servername: host } : {};
    secureContext ??= createSecureContext();
    return connectTls({ host, port, lookup, ALPNProtocols: ["http/1.1"], secureContext, ...name }).on("data", receive);
  }
  const onread = {
    buffer: READ_BUFFER,
    callback: (bytes: number) => {
      receive(READ_BUFFER.subarray(0, bytes));
      return true;
    },
  };
  // Half-open: an end sent by one side says nothing yet of the other direction (RFC 9293 3.6).
  return connectTcp({ host, port, lookup, noDelay: true, allowHalfOpen: true, onread });
};

export const connectedEvent = (target: Target): "connect" | "secureConnect" =>
  target.secure ? "secureConnect" : "connect";
