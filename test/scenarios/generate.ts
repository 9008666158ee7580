import { brotliCompressSync, constants, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import type { Lane } from "../../core/capture/capture.ts";
import type { Exchange, Reply } from "./exchanges.ts";
import { randomOf } from "./random.ts";
import type { Answer, Change, Endpoint, Scenario } from "./scenario.ts";
import { Values } from "./values.ts";

const STARTED_AT = 1_700_000_000_000;
const CALLERS = 20;

const CODERS: Readonly<Record<string, (body: Buffer, level: number) => Buffer>> = {
  gzip: (body, level) => gzipSync(body, { level }),
  deflate: (body, level) => deflateSync(body, { level }),
  br: (body) => brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }),
  zstd: (body) => zstdCompressSync(body),
};

const edited = (text: string, edit: Readonly<Record<string, string>>): string =>
  Object.entries(edit).reduce((sum, [find, put]) => sum.replace(find, () => put), text);

const withEdit = (answer: Answer, edit: Readonly<Record<string, string>>): Answer => {
  const parts = [answer.head, answer.body, answer.hex].map((text) => text ?? "");
  for (const find of Object.keys(edit))
    if (!parts.some((text) => text.includes(find))) throw new Error(`nothing to edit: ${find}`);
  const [head, body, hex] = parts.map((text) => edited(text, edit)) as [string, string, string];
  return { ...answer, head, body, ...(answer.hex === undefined ? {} : { hex }) };
};

/** A change that says what the body is also says that it is no longer hex. */
const changed = (answer: Answer, { edit, ...change }: Change): Answer => {
  const { hex, ...rest } = answer;
  const base = change.body === undefined ? answer : rest;
  const given = Object.fromEntries(
    ANSWER_PARTS.filter((part) => change[part] !== undefined).map((part) => [part, change[part]]),
  );
  return withEdit({ ...base, ...given }, edit);
};
const ANSWER_PARTS = ["status", "head", "body", "hex", "coding", "charset", "chunked", "cut"] as const;

const crlf = (text: string): string => text.replaceAll(/\r?\n/g, "\r\n");

const rawOf = (answer: Answer, fill: (text: string) => string, hasBody: boolean): Uint8Array => {
  const { status = 200, head = "", body = "", hex, coding, charset = "utf8", chunked = false, cut } = answer;
  const plain = hex === undefined ? Buffer.from(fill(body), charset) : Buffer.from(fill(hex), "hex");
  const [coder, level = "6"] = coding?.split(" ") ?? [];
  const bytes = (coder === undefined ? plain : CODERS[coder]!(plain, Number(level))).subarray(0, cut);
  const framing = !hasBody ? "" : chunked ? "transfer-encoding: chunked\r\n" : `content-length: ${bytes.length}\r\n`;
  const encoding = coder === undefined ? "" : `content-encoding: ${coder}\r\n`;
  const start = Buffer.from(`HTTP/1.1 ${status} -\r\n${crlf(fill(head))}${encoding}${framing}\r\n`, "latin1");
  if (!hasBody) return start;
  if (!chunked) return Buffer.concat([start, bytes]);
  const size = Buffer.from(`${bytes.length.toString(16)}\r\n`);
  return Buffer.concat([start, size, bytes, Buffer.from("\r\n0\r\n\r\n")]);
};

const mayHaveBody = (method: string, status: number): boolean => method !== "HEAD" && status !== 204 && status !== 304;

const pick = <T extends { readonly weight: number }>(items: readonly T[], at: number): T => {
  let left = at * items.reduce((sum, { weight }) => sum + weight, 0);
  return items.find(({ weight }) => (left -= weight) < 0) ?? items.at(-1)!;
};

/** The exchanges of a scenario that describes its services: the same for the same seed. */
export function* generate(scenario: Scenario): Generator<Exchange> {
  const { seed, pairs, paceMs, lanes, changes } = scenario;
  const answers = new Map<string, Answer>();
  const answerOf = (endpoint: Endpoint, applied: readonly Change[]): Answer => {
    const key = `${endpoint.ask} ${applied.map((change) => changes.indexOf(change))}`;
    const known = answers.get(key);
    if (known !== undefined) return known;
    const base = { ...endpoint, ...(scenario.coding && { coding: scenario.coding }) };
    const answer = applied.reduce(changed, withEdit(base, scenario.edit));
    answers.set(key, answer);
    return answer;
  };
  const present: readonly Lane[] = lanes === "none" ? ["primary", "candidate"] : ["primary", "candidate", "secondary"];
  for (let number = 0; number < pairs; number += 1) {
    const at = STARTED_AT + Math.round(number * paceMs);
    const values = new Values(scenario.values, seed, number, at);
    const endpoint = pick(scenario.endpoints, randomOf(`${seed} ${number} endpoint`)());
    const ask = values.fill(endpoint.ask, "primary");
    const applies = (change: Change, lane: Lane): boolean =>
      (change.lanes === "all" || change.lanes.includes(lane)) &&
      (number + 1) % change.every === 0 &&
      number >= change.from * pairs &&
      number < change.until * pairs &&
      endpoint.ask.includes(change.on) &&
      Object.entries(change.where).every(([name, value]) => values.of(name, lane) === value) &&
      (change.share === 1 || randomOf(`${seed} ${number} ${lane} ${changes.indexOf(change)}`)() < change.share);
    const replyOf = (lane: Lane): Reply => {
      const applied = changes.filter((change) => applies(change, lane));
      const slower = applied.reduce((times, change) => times * change.slower, 1);
      const ms = (5 + 3 * randomOf(`${seed} ${number} ${lane} ms`)()) * slower;
      const fails = applied.find((change) => change.fails !== undefined)?.fails;
      if (fails !== undefined) return { fails, ms };
      const answer = answerOf(endpoint, applied);
      const hasBody = mayHaveBody(ask.split(" ")[0]!, answer.status ?? 200);
      return { raw: rawOf(answer, (text) => values.fill(text, lane), hasBody), ms };
    };
    yield {
      at,
      caller: `10.0.0.${number % CALLERS}`,
      request: Buffer.from(`${ask} HTTP/1.1\r\nhost: shop.test\r\n\r\n`),
      replies: Object.fromEntries(present.map((lane) => [lane, replyOf(lane)])),
    };
  }
}
