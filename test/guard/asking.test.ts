import { secondaryIdOf } from "../../core/sampling/call-id.ts";
import { CallsAsking, type CallsOf } from "../../proxy/ask-calls.ts";
import { BatchWriter, type RawPair, recordBytes, type Source } from "../../proxy/batch.ts";
import { cleanUp, collaborator, type GuardUnderTest, startGuard } from "./harness.ts";

afterEach(cleanUp);

const GRACE_MS = 60;
const traceOf = (n: number) => String(n).padStart(32, "a");
const parentOf = (trace: string) => ({ traceparent: `00-${trace}-b7ad6b7169203331-01` });

const askingOf = (failures: string[] = [], callGraceMs = GRACE_MS) =>
  new CallsAsking({ callGraceMs }, { now: Date.now, failed: (what) => failures.push(what) });

const sourceOf = (guards: readonly string[]): Source => ({
  ...{ key: "env/run", env: "env", run: "run", control: "none", redaction: "" },
  calls: { guards: [...guards], key: "trace" },
});

const answered = { outcome: "responded", raw: [Buffer.from("HTTP/1.1 200 OK\r\n\r\n")], ms: 1 } as const;

const pairOf = (source: Source, number: number, over: Partial<RawPair> & { trace?: string | null } = {}): RawPair => {
  const { trace = traceOf(number), ...rest } = over;
  const head = `GET /${number} HTTP/1.1\r\nHost: a\r\n${trace === null ? "" : `traceparent: 00-${trace}-b7ad6b7169203331-01\r\n`}\r\n`;
  return {
    ...{ source, number, at: Date.now(), caller: "", request: [Buffer.from(head)] },
    ...{ primary: { raw: answered.raw, ms: 1 }, candidate: answered, secondary: undefined, ...rest },
  };
};

const ask = async (asking: CallsAsking, source: Source, pairs: readonly RawPair[]): Promise<CallsOf> => {
  const writer = new BatchWriter(new ArrayBuffer(pairs.reduce((sum, pair) => sum + recordBytes(pair), 64)));
  for (const pair of pairs) writer.write(pair, 0);
  const found = asking.of(Buffer.from(writer.buffer, 0, writer.end), [source]);
  if (found === undefined) throw new Error("nobody asked");
  return found;
};

/** Both sides call once each, so that each is known to call here; and old enough to cover what follows. */
const warm = async (): Promise<{
  guard: GuardUnderTest;
  source: Source;
  call: (side: "baseline" | "overlay", path: string, trace?: string, body?: string) => Promise<unknown>;
}> => {
  const payments = await collaborator();
  const guard = await startGuard({ payments: { url: payments.url, port: 0, observe: 0 } });
  const call = (side: "baseline" | "overlay", path: string, trace?: string, body?: string) =>
    fetch(`${side === "baseline" ? guard.observed.payments : guard.at.payments}${path}`, {
      headers: trace === undefined ? {} : parentOf(trace),
      ...(body === undefined ? {} : { method: "POST", body }),
    }).then((answer) => answer.text());
  for (const side of ["baseline", "overlay"] as const) await call(side, "/warm", traceOf(0));
  await new Promise((done) => setTimeout(done, 1_100));
  return { guard, call, source: sourceOf([guard.calls]) };
};

test("what both sides called for a request is found by its trace, that of the secondary by an id of its own", async () => {
  const { call, source } = await warm();
  await call("baseline", "/a", traceOf(1));
  await call("baseline", "/charges", traceOf(1), "10");
  await call("overlay", "/a", traceOf(1));
  await call("baseline", "/a", secondaryIdOf(traceOf(1)));
  const pair = pairOf(source, 1, { secondary: answered });
  const calls = (await ask(askingOf(), source, [pair]))(pair);
  expect(calls).toMatchObject({
    primary: [
      { to: "payments", method: "GET", target: "/a" },
      { method: "POST", target: "/charges", bytes: 2, body: Buffer.from("10") },
    ],
    candidate: [{ method: "GET", target: "/a", hash: expect.stringMatching(/^[0-9a-f]{64}$/) }],
    secondary: [{ target: "/a" }],
  });
});

test("what cannot be known is said to be unknown, never to be missing", async () => {
  const { call, source } = await warm();
  const failures: string[] = [];
  const asking = askingOf(failures);
  const one = async (pair: RawPair) => (await ask(asking, pair.source, [pair]))(pair);
  const none = { primary: [], candidate: [] };
  expect(await one(pairOf(source, 1))).toEqual(none);
  expect(await one(pairOf(source, 2, { trace: null }))).toBe("unknown");
  expect(await one(pairOf(source, 3, { candidate: { outcome: "failed", reason: "timeout", ms: 1 } }))).toBe("unknown");
  expect(await one(pairOf(source, 4, { at: Date.now() - 3_600_000 }))).toBe("unknown");
  // Of one trace and two requests, it is not known which made which call.
  expect(await one(pairOf(source, 5, { trace: traceOf(1) }))).toBe("unknown");
  const twins = [pairOf(source, 6, { trace: traceOf(6) }), pairOf(source, 7, { trace: traceOf(6) })];
  const ofTwins = await ask(asking, source, twins);
  expect(twins.map(ofTwins)).toEqual(["unknown", "unknown"]);
  expect(await one(pairOf(sourceOf(["http://127.0.0.1:1"]), 8))).toBe("unknown");
  expect(failures).toEqual(["a guard could not be asked for calls"]);
  // A call without an id takes all of its name out, and with them what is known of those that have nothing else.
  await call("overlay", "/charges", undefined, "1");
  await call("baseline", "/charges", traceOf(9), "1");
  expect(await one(pairOf(source, 9))).toBe("unknown");
  await call("baseline", "/charges", traceOf(10), "1");
  await call("baseline", "/a", traceOf(10));
  expect(await one(pairOf(source, 10))).toMatchObject({ primary: [{ target: "/a" }], candidate: [] });
}, 15_000);

test("calls that still come when the first question is asked are waited for", async () => {
  const { call, source } = await warm();
  const pair = pairOf(source, 1);
  const asked = ask(askingOf([], 600), source, [pair]);
  await call("baseline", "/a", traceOf(1));
  await call("overlay", "/a", traceOf(1));
  expect((await asked)(pair)).toMatchObject({ primary: [{ target: "/a" }], candidate: [{ target: "/a" }] });
});

test("of a side that never called here nothing is said: it may call elsewhere", async () => {
  const payments = await collaborator();
  const guard = await startGuard({ payments: { url: payments.url, port: 0, observe: 0 } });
  await fetch(`${guard.observed.payments}/a`, { headers: parentOf(traceOf(1)) });
  await new Promise((done) => setTimeout(done, 1_100));
  const pair = pairOf(sourceOf([guard.calls]), 1);
  expect((await ask(askingOf(), pair.source, [pair]))(pair)).toBe("unknown");
});

test("a question that is none is refused, and one that is too large ends", async () => {
  const guard = await startGuard({ a: { url: "http://127.0.0.1:1", port: 0 } }, { MAX_ASK_BYTES: "1000" });
  const post = (body: string) => fetch(`${guard.calls}/calls`, { method: "POST", body });
  expect((await fetch(`${guard.calls}/calls`)).status).toBe(404);
  for (const body of ["", "{", '{"ids":[1]}', "[]"]) expect((await post(body)).status).toBe(400);
  await expect(post(`{"ids":["${"x".repeat(2_000)}"]}`)).rejects.toThrow();
});
