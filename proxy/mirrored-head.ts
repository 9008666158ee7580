import type { Lane } from "../core/capture/capture.ts";
import type { LaneTarget } from "../core/sampling/plan.ts";
import type { RequestHead } from "./request-head.ts";
import { type Target, targetOf } from "./target.ts";

/** Fields of the caller's connection, not of the request (RFC 9110 7.6.1); Expect, since the body is sent at once. */
const OF_THE_CONNECTION = ["connection", "keep-alive", "proxy-connection", "upgrade", "expect", "http2-settings"];

/** The head of the copy for one lane: the only place where the tee changes a request. */
export type MirroredHead = (head: RequestHead, requestId: string) => Buffer;

export const mirroredHead = (lane: Exclude<Lane, "primary">, to: LaneTarget): MirroredHead => {
  const target = targetOf(to.url);
  const set = Object.entries(to.setHeaders);
  const replaced = [
    ...to.removeHeaders,
    ...set.map(([name]) => name),
    "x-shadowgraph-lane",
    "x-shadowgraph-request-id",
  ];
  const dropped = new Set([...OF_THE_CONNECTION, ...replaced].map((name) => name.toLowerCase()));
  const added = set.map(([name, value]) => `${name}: ${value}\r\n`).join("");

  return (head, requestId) => {
    const lines = head.text.split("\r\n");
    const start = `${head.method} ${target.prefix}${head.target} HTTP/1.1\r\n`;
    let fields = "";
    for (let i = 1; i < lines.length - 2; i++) {
      const line = lines[i]!;
      const name = line.slice(0, line.indexOf(":")).toLowerCase();
      if (dropped.has(name)) continue;
      if (name === "host") fields += `Host: ${hostFor(to.host, line.slice(5).trim(), target)}\r\n`;
      else if (name === "traceparent") fields += `${continuedTrace(line, lane, requestId)}\r\n`;
      else fields += `${line}\r\n`;
    }
    const marks = `x-shadowgraph-lane: ${lane}\r\nx-shadowgraph-request-id: ${requestId}\r\n`;
    return Buffer.from(`${start}${fields}${added}${marks}\r\n`, "latin1");
  };
};

/** `shadow` puts the suffix before the port: `shop:8080` becomes `shop-shadow:8080`, never `shop:8080-shadow`. */
const hostFor = (policy: LaneTarget["host"], host: string, target: Target): string => {
  if (policy === "rewrite") return target.authority;
  if (policy === "keep") return host;
  const port = /:\d+$/.exec(host)?.[0] ?? "";
  return `${host.slice(0, host.length - port.length)}-shadow${port}`;
};

/** The same trace, with a parent id of the mirror's own (W3C Trace Context 3.2); anything malformed passes as it is. */
const continuedTrace = (line: string, lane: string, requestId: string): string =>
  line.replace(/(-[0-9a-f]{32}-)([0-9a-f]{16})(-)/, (_, trace, parent, rest) => {
    let id = BigInt(`0x${parent}`);
    for (const char of `${lane}${requestId}`)
      id = BigInt.asUintN(64, (id ^ BigInt(char.charCodeAt(0))) * 0x100000001b3n);
    return `${trace}${id.toString(16).padStart(16, "0")}${rest}`;
  });
