import { BaselineRedaction } from "../../core/sampling/redaction.ts";
import { decodeSegment } from "../../core/segment/codec.ts";
import type { StoredPair } from "../../core/segment/segment.ts";
import { BatchWriter, type RawPair, recordBytes, type Source } from "../../proxy/batch.ts";
import { DEFAULT_LIMITS } from "../../proxy/limits.ts";
import { Shipper } from "../../proxy/shipper.ts";
import { answering, startTee, talk } from "./harness.ts";

const sourceOf = (run: string, redact?: object): Source => ({
  ...{ key: `env/${run}`, env: "env", run, control: "none" },
  redaction: redact === undefined ? "" : JSON.stringify(BaselineRedaction.parse(redact)),
});

const answer = (body: string) => [
  Buffer.from(`HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`),
];

/** What leaves the process of these pairs: their sources, in turn, each with the same request and answers. */
const shipped = async (sources: readonly Source[], target: string, primary: string, candidate: string) => {
  const pairs: StoredPair[] = [];
  const shipper = new Shipper(
    { tee: "t", epoch: "e", key: Buffer.alloc(32, 7), limits: DEFAULT_LIMITS, nextSeq: {} },
    {
      send: async (segment) => void pairs.push(...decodeSegment(segment).pairs),
      now: () => 1,
      ended: () => {},
      numbered: () => {},
      failed: (_, error) => {
        throw error;
      },
    },
  );
  sources.forEach((source, number) => {
    const pair: RawPair = {
      ...{ source, number, at: 1, caller: "", secondary: undefined },
      request: [Buffer.from(`GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`)],
      primary: { raw: answer(primary), ms: 1 },
      candidate: { outcome: "responded", raw: answer(candidate), ms: 1 },
    };
    const batch = new BatchWriter(new ArrayBuffer(recordBytes(pair)));
    batch.write(pair, 0);
    shipper.add(Buffer.from(batch.buffer, 0, batch.end), [source], {});
  });
  await shipper.drain({});
  return pairs;
};

const bodyOf = (pair: StoredPair | undefined): string =>
  pair?.primary.body.kind === "content" ? Buffer.from(pair.primary.body.content).toString() : "";

test("a pair is redacted by what was declared when it was sampled, whatever is declared by then", async () => {
  const sources = [sourceOf("r"), sourceOf("r", { names: ["plate"] }), sourceOf("r", { keep: ["token"] })];
  const pairs = await shipped(sources, "/a", '{"plate":"x","token":"y"}', '{"plate":"z","token":"y"}');
  const marker = '"~r:s:[0-9a-f]{16}"';
  expect(pairs.map(bodyOf)).toEqual([
    expect.stringMatching(new RegExp(`^{"plate":"x","token":${marker}}$`)),
    expect.stringMatching(new RegExp(`^{"plate":${marker},"token":${marker}}$`)),
    '{"plate":"x","token":"y"}',
  ]);
});

test("a value has one marker in a run, also where another declaration came between, and another one in each other run", async () => {
  const sources = [sourceOf("r"), sourceOf("r", { names: ["plate"] }), sourceOf("s")];
  const [first, second, other] = await shipped(sources, "/a", '{"token":"y","v":1}', '{"token":"y","v":2}');
  expect(bodyOf(second)).toBe(bodyOf(first));
  expect(bodyOf(other)).not.toBe(bodyOf(first));
  expect(bodyOf(other)).toMatch(/~r:s:/);
});

test.each([
  ["equal", "1"],
  ["different", "2"],
])("the endpoint of %s answers names no step that is declared secret", async (_, candidate) => {
  const [pair] = await shipped([sourceOf("r", { paths: ["/reset/{token}"] })], "/reset/hunter/x?a=1", "1", candidate);
  expect(pair?.endpoint).toBe("GET /reset/{id}/x");
  expect(JSON.stringify(pair)).not.toContain("hunter");
});

test("the tee hands on what the plan declares, with each pair", async () => {
  const redact = BaselineRedaction.parse({ names: ["plate"] });
  const server = await answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").start();
  const options = { primary: server.url, candidate: server.url, entry: { redact }, limits: { drainMs: 300 } };
  const { tee, port, pairs, settled } = await startTee(options);
  await talk(port, ["GET / HTTP/1.1\r\nHost: a\r\n\r\n"], { until: "ok" });
  await settled(1);
  await tee.drain();
  await server.stop();
  expect(pairs.map(({ source }) => source.redaction)).toEqual([JSON.stringify(redact)]);
});
