import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";

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

/** Emits `connect` (or `secureConnect`) once usable; certificates are always verified. Names are looked up anew each time. */
export const connectTo = (target: Target): Socket => {
  const { hostname: host, port } = target;
  // Half-open: an end sent by one side says nothing yet of the other direction (RFC 9293 3.6).
  if (!target.secure) return connectTcp({ host, port, noDelay: true, allowHalfOpen: true });
  return connectTls({ host, port, ALPNProtocols: ["http/1.1"], ...(isIP(host) === 0 ? { servername: host } : {}) });
};

export const connectedEvent = (target: Target): "connect" | "secureConnect" =>
  target.secure ? "secureConnect" : "connect";
