import { answering, RawServer, startTee, talk, text } from "./harness.ts";

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const GET = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n";
/** So long that the primary's answer is there before. */
const LATER_MS = 50;

const later = (...answers: readonly (readonly string[])[]): RawServer => {
  let asked = 0;
  return new RawServer((socket) => {
    const pieces = answers[asked++] ?? [];
    pieces.forEach((piece, index) => {
      setTimeout(() => socket.write(piece, "latin1"), LATER_MS * (index + 1));
    });
  });
};

const captured = async (primary: RawServer, candidate: RawServer, requests: number) => {
  await Promise.all([primary.start(), candidate.start()]);
  const limits = { drainMs: 300, mirrorTimeoutMs: 1_000 };
  const { tee, port, pairs, settled } = await startTee({ primary: primary.url, candidate: candidate.url, limits });
  for (let request = 1; request <= requests; request++) {
    await talk(port, [GET], { until: "ok" });
    await settled(request);
  }
  await tee.drain();
  await Promise.all([primary.stop(), candidate.stop()]);
  return pairs.map((pair) => ({ primary: pair.primary.raw, candidate: pair.candidate }));
};

test("answers with the primary's bytes and others come in turn on one connection of the candidate", async () => {
  const other = OK.replace("ok", "no");
  const candidate = later([OK], [other], [OK.slice(0, 20), OK.slice(20)], [OK]);
  const pairs = await captured(answering(OK), candidate, 4);
  expect(pairs.map((pair) => text((pair.candidate as { raw: readonly Buffer[] }).raw))).toEqual([OK, other, OK, OK]);
  expect(pairs.map((pair) => pair.candidate.outcome === "responded" && pair.candidate.raw === pair.primary)).toEqual([
    true,
    false,
    false,
    true,
  ]);
  expect(candidate.connections).toBe(1);
});

test("the primary's bytes are no whole answer where its close made them one", async () => {
  const start = "HTTP/1.1 200 OK\r\n\r\nok";
  const primary = new RawServer((socket) => socket.end(start));
  const [pair] = await captured(primary, later([start, "and more"]), 1);
  expect(pair!.candidate).toMatchObject({ outcome: "failed", reason: "timeout" });
});
