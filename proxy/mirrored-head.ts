import type { Lane } from "../core/capture/capture.ts";
import { type CallKey, secondaryIdOf } from "../core/sampling/call-id.ts";
import type { LaneTarget } from "../core/sampling/plan.ts";
import { MARKS, type Marks, unsigned } from "./marks.ts";
import type { RequestHead } from "./request-head.ts";
import { type Target, targetOf } from "./target.ts";

/** Fields of the caller's connection, not of the request (RFC 9110 7.6.1); Expect, since the body is sent at once. */
const OF_THE_CONNECTION = ["connection", "keep-alive", "proxy-connection", "upgrade", "expect", "http2-settings"];

/** The head of the copy for one lane, as latin-1: the only place where the tee changes a request. */
export type MirroredHead = (head: RequestHead, requestId: string) => string;

/** @param calls by what outgoing calls are told apart, where they are: the secondary then gets an id of its own */
export const mirroredHead = (
  lane: Exclude<Lane, "primary">,
  to: LaneTarget,
  marks: Marks = unsigned,
  calls?: CallKey,
): MirroredHead => {
  const target = targetOf(to.url);
  const set = Object.entries(to.setHeaders);
  const replaced = [...to.removeHeaders, ...set.map(([name]) => name), ...MARKS];
  const names = new Set([...OF_THE_CONNECTION, "host", ...replaced].map((name) => name.toLowerCase()));
  const dropped = fieldsCalled(names);
  const added = set.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  const markLines = marks(lane);
  const withId = lane === "secondary" && calls !== undefined ? ofSecondary(calls) : (fields: string) => fields;

  return (head, requestId) => {
    const { text, method } = head;
    const host = to.host === "rewrite" ? target.authority : hostFor(to.host, HOST.exec(text)?.[1], target);
    const fields = withoutNamed(text.slice(text.indexOf("\r\n"), -2)).replace(dropped, "");
    const known = withId(TRACE.test(fields) ? continuedTrace(fields, lane, requestId) : fields);
    const sent = `${target.prefix}${originForm(head.target)}`;
    const start = `${method} ${sent} HTTP/1.1\r\nHost: ${host}`;
    return `${start}${known}${added}${markLines(method, sent, requestId)}\r\n`;
  };
};

/** The id of the calls that the secondary makes. */
const ofSecondary = (key: CallKey): ((fields: string) => string) => {
  const id =
    key === "trace"
      ? /(\r\ntraceparent[ \t]*:[ \t]*[0-9a-f]{2}-)([0-9a-f]{32})(?=-)/i
      : new RegExp(`(\\r\\n${RegExp.escape(key.header)}[ \\t]*:[ \\t]*)([^\\r]*[^\\r \\t])`, "i");
  return (fields) => fields.replace(id, (_, name: string, value: string) => name + secondaryIdOf(value));
};

const fieldsCalled = (names: Iterable<string>): RegExp =>
  new RegExp(`\\r\\n(?:${[...names].map(RegExp.escape).join("|")})[ \\t]*:[^\\r]*`, "gi");

const NAMES_FIELDS = /\r\nconnection[ \t]*:[ \t]*(?!(?:close|keep-alive)[ \t]*\r)[^ \t\r]/i;
const CONNECTION = /\r\nconnection[ \t]*:([^\r]*)/gi;
/** Meant for all recipients (RFC 9110 7.6.1): were they left out, candidate and primary would be asked for different things. */
const FOR_ALL = /^(?:authorization|cookie|cache-control|range|transfer-encoding|(?:accept|content|if)(?:-.*)?)$/i;

/** Without the fields that Connection names: they are for the next hop alone, and the copy is a hop of its own. */
const withoutNamed = (fields: string): string => {
  if (!NAMES_FIELDS.test(fields)) return fields;
  const named = [...fields.matchAll(CONNECTION)].flatMap(([, names]) => names!.match(/[^ \t,]+/g) ?? []);
  const dropped = named.filter((name) => !FOR_ALL.test(name));
  return dropped.length === 0 ? fields : fields.replace(fieldsCalled(dropped), "");
};

/** Absolute form names the baseline's authority (RFC 9112 3.2.2): a candidate that is a proxy would go there. */
const originForm = (target: string): string => {
  const scheme = target.indexOf("://");
  if (scheme === -1 || target.startsWith("/")) return target;
  const rest = /[/?].*$/.exec(target.slice(scheme + 3))?.[0] ?? "/";
  return rest.startsWith("/") ? rest : `/${rest}`;
};

const HOST = /\r\nhost[ \t]*:[ \t]*([^\r]*?)[ \t]*\r\n/i;
const TRACE = /\r\ntraceparent[ \t]*:/i;

/** `shadow` puts the suffix before the port: `shop:8080` becomes `shop-shadow:8080`, never `shop:8080-shadow`. */
const hostFor = (policy: "keep" | "shadow", host: string | undefined, target: Target): string => {
  if (host === undefined) return target.authority;
  if (policy === "keep") return host;
  const port = /:\d+$/.exec(host)?.[0] ?? "";
  return `${host.slice(0, host.length - port.length)}-shadow${port}`;
};

/** The same trace, with a parent id of the mirror's own (W3C Trace Context 3.2); anything malformed passes as it is. */
const continuedTrace = (fields: string, lane: string, requestId: string): string =>
  fields.replace(
    /(\r\ntraceparent[ \t]*:[ \t]*[0-9a-f]{2}-[0-9a-f]{32}-)([0-9a-f]{16})(-)/i,
    (_, trace, parent, rest) => {
      let id = BigInt(`0x${parent}`);
      for (const char of `${lane}${requestId}`)
        id = BigInt.asUintN(64, (id ^ BigInt(char.charCodeAt(0))) * 0x100000001b3n);
      return `${trace}${id.toString(16).padStart(16, "0")}${rest}`;
    },
  );
