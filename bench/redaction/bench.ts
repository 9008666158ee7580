import { NO_REDACTION, type Redaction } from "../../core/capture/redaction.ts";
import { BatchWriter, type RawPair, recordBytes, type Source } from "../../proxy/batch.ts";
import { DEFAULT_LIMITS } from "../../proxy/limits.ts";
import { Shipper } from "../../proxy/shipper.ts";
import { cpuMsOf, medianOf } from "../diff/cpu.ts";

/** `runs` rounds over all subjects in turn; each takes `requests` pairs a round. */
interface RedactionSize {
  readonly runs: number;
  readonly requests: number;
}

const ONE_OF_EACH: Redaction = {
  headers: ["x-customer-id"],
  names: ["iban"],
  parameters: ["invite"],
  json: ["/customer/address/**", "/items/*/serial"],
  paths: ["/reset/{token}"],
  patterns: [String.raw`\bCUST-[0-9]{8}\b`],
  emails: true,
  keep: ["cursorToken"],
};

/** What is declared, by name; the first is what the others stand beside. */
const DECLARED: readonly (readonly [name: string, redaction: Partial<Redaction> | undefined])[] = [
  ["nothing declared", undefined],
  ["names", { names: ONE_OF_EACH.names }],
  ["paths", { paths: ONE_OF_EACH.paths }],
  ["places in JSON", { json: ONE_OF_EACH.json }],
  ["a pattern", { patterns: ONE_OF_EACH.patterns }],
  ["addresses of mail", { emails: true }],
  ["one of each", ONE_OF_EACH],
];

const SHARES = [
  { title: "all equal", of: 0 },
  { title: "1 in 10 differs", of: 0.1 },
  { title: "all differ", of: 1 },
] as const;

const BATCH_PAIRS = 2_048;

/** 850 bytes of JSON, with a secret and an address of mail. */
const orderOf = (number: number, price: number): string =>
  JSON.stringify({
    id: number,
    name: `customer ${number % 97}`,
    email: `c${number % 97}@shop.example`,
    total: price,
    address: { street: "Main Street 12", city: "Springfield", zip: "12345" },
    items: Array.from({ length: 6 }, (_, line) => ({
      sku: `SKU-${line}${number % 13}`,
      quantity: line + 1,
      price: 12.5 * line,
      note: "some text, as long as such texts are",
    })),
    token: `tok-${number % 50}`,
  });

const answerOf = (body: string): readonly Buffer[] => [
  Buffer.from(`HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`),
];

const requestOf = (number: number): Buffer =>
  Buffer.from(
    `GET /orders/${number}/lines?page=${number % 7} HTTP/1.1\r\nHost: shop.example\r\nAuthorization: Bearer abc${number % 32}\r\nAccept: application/json\r\n\r\n`,
  );

const batchOf = (share: number, source: Source): Buffer => {
  const pairs = Array.from({ length: BATCH_PAIRS }, (_, number): RawPair => {
    const primary = { raw: answerOf(orderOf(number, 1)), ms: 1 };
    const raw = number % 100 < share * 100 ? answerOf(orderOf(number, 2)) : primary.raw;
    const candidate = { outcome: "responded", raw, ms: 2 } as const;
    return {
      source,
      number,
      at: number,
      caller: "",
      request: [requestOf(number)],
      primary,
      candidate,
      secondary: undefined,
    };
  });
  const batch = new BatchWriter(new ArrayBuffer(pairs.reduce((sum, pair) => sum + recordBytes(pair), 0)));
  for (const pair of pairs) batch.write(pair, 0);
  return Buffer.from(batch.buffer, 0, batch.end);
};

const shipping = (share: number, redaction: Partial<Redaction> | undefined): (() => void) => {
  const declared = redaction === undefined ? "" : JSON.stringify({ ...NO_REDACTION, ...redaction });
  const source: Source = { key: "env/run", env: "env", run: "run", control: "none", redaction: declared };
  const batch = batchOf(share, source);
  const shipper = new Shipper(
    { tee: "t", epoch: "e", key: Buffer.alloc(32), limits: DEFAULT_LIMITS, nextSeq: {} },
    { send: async () => {}, now: () => 1, ended: () => {}, numbered: () => {}, failed: console.error },
  );
  return () => shipper.add(batch, [{ ...source }], {});
};

/** What declarations add to the CPU that the tee's shipper takes for a pair. */
export const benchRedaction = async ({ runs, requests }: RedactionSize): Promise<void> => {
  const subjects = DECLARED.map(([, redaction]) => SHARES.map(({ of }) => shipping(of, redaction)));
  const rounds = Math.max(1, Math.ceil(requests / BATCH_PAIRS));
  const microsOf = async (add: () => void): Promise<number> => {
    const ms = cpuMsOf(() => {
      for (let round = 0; round < rounds; round++) add();
    });
    // What was sent is let go of.
    await new Promise((done) => setImmediate(done));
    return (ms * 1_000) / (rounds * BATCH_PAIRS);
  };
  for (const add of subjects.flat()) await microsOf(add);
  const micros = subjects.map((row) => row.map((): number[] => []));
  for (let run = 0; run < runs; run++)
    for (const [row, adds] of subjects.entries())
      for (const [column, add] of adds.entries()) micros[row]?.[column]?.push(await microsOf(add));
  const first = micros[0]!.map(medianOf);
  console.log(
    `${"CPU µs a pair, shipper alone: median".padEnd(40)}${SHARES.map(({ title }) => title.padStart(22)).join("")}`,
  );
  for (const [row, [name]] of DECLARED.entries()) {
    const cells = micros[row]!.map((its, column) => {
      const median = medianOf(its);
      return `${median.toFixed(1)} (${(median / first[column]!).toFixed(2)} ×)`.padStart(22);
    });
    console.log(`${name.padEnd(40)}${cells.join("")}`);
  }
};
