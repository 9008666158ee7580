import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { LaneTarget } from "../../core/sampling/plan.ts";
import { Probe } from "../../core/sampling/probe.ts";
import type { ProbedLane, WantedProbe } from "../../core/sampling/writes.ts";
import { DEFAULT_LIMITS } from "../../proxy/limits.ts";
import { marksWith } from "../../proxy/marks.ts";
import { type Found, runProbe } from "../../proxy/probe.ts";
import { createProbeSender } from "../../proxy/probe-sender.ts";

type Notes = string[];
interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
}

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

interface Behaviour {
  readonly status?: number;
  readonly readStatus?: number;
  /** Where a write ends up. */
  readonly writesTo?: Notes;
  readonly reads?: Notes;
  readonly echoes?: boolean;
}

/** A service of notes. */
const notes = async (behaviour: Behaviour): Promise<{ url: string; seen: Seen[] }> => {
  const { status = 201, readStatus = 200, writesTo, reads = [], echoes = false } = behaviour;
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    const { method = "", url = "", headers } = request;
    seen.push({ method, url, headers });
    const body = (await request.toArray()).join("");
    if (method === "GET")
      return response.writeHead(readStatus).end(JSON.stringify({ notes: reads, of: echoes ? url : "" }));
    writesTo?.push(body);
    response.writeHead(status).end('{"id":17}');
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
};

const PROBE = { write: { path: "/notes", body: '{"note":"{canary}"}' }, read: { path: "/notes", shows: '"notes"' } };
const laneOf = (url: string, over: object = {}): ProbedLane => ({
  lane: "candidate",
  target: LaneTarget.parse({ url, ...over }),
});

const probing = async (
  baseline: string,
  lanes: readonly ProbedLane[],
  { probe = {}, sideEffects = "suppressed" }: { probe?: object; sideEffects?: WantedProbe["sideEffects"] } = {},
): Promise<Found> => {
  let now = 0;
  const limits = { ...DEFAULT_LIMITS, mirrorTimeoutMs: 300 };
  const marks = marksWith("k".repeat(32), "tee-1", Date.now);
  const sender = createProbeSender({ limits, marks, idPrefix: "tee-1", primaryUrl: baseline });
  const wanted = { env: "e", run: "r", service: "web", key: "k", sideEffects, readUrl: undefined, lanes };
  return runProbe(
    { ...wanted, probe: Probe.parse({ ...PROBE, ...probe }) },
    {
      ...{ sender, primaryUrl: baseline },
      now: () => now,
      wait: async (ms) => void (now += ms),
      random: () => Buffer.alloc(16, 7),
    },
  );
};

test("what keeps side effects away passes, after it was looked for over the whole watch", async () => {
  const shared: Notes = [];
  const baseline = await notes({ reads: shared });
  const candidate = await notes({});
  const found = await probing(baseline.url, [laneOf(candidate.url, { setHeaders: { "x-key": "of-the-lane" } })]);
  expect(found).toEqual({
    state: "passed",
    reason: "what POST /notes wrote to candidate did not show at the baseline (7 looks, 3 s)",
  });
  expect(candidate.seen).toMatchObject([
    {
      method: "POST",
      headers: {
        "x-shadowgraph-lane": "candidate",
        "x-shadowgraph-request-id": expect.stringMatching(/^tee-1-probe[0-9a-f]+$/),
        "x-shadowgraph-signature": expect.stringMatching(/^v1\.w\./),
        "x-key": "of-the-lane",
      },
    },
  ]);
  expect(baseline.seen.every(({ headers }) => !Object.keys(headers).some((name) => name.startsWith("x-shadow")))).toBe(
    true,
  );
});

test("a canary that shows at the baseline fails, and is named so that it can be removed", async () => {
  const shared: Notes = [];
  const baseline = await notes({ reads: shared });
  const candidate = await notes({ writesTo: shared });
  const found = await probing(baseline.url, [laneOf(candidate.url)]);
  expect(found).toMatchObject({ state: "failed", reason: expect.stringContaining(`canary${"07".repeat(16)}`) });
  expect(shared).toHaveLength(1);
});

test("the control overlay's writes are looked for as well", async () => {
  const shared: Notes = [];
  const baseline = await notes({ reads: shared });
  const clean = laneOf((await notes({})).url);
  const leaky = { ...laneOf((await notes({ writesTo: shared })).url), lane: "secondary" as const };
  expect(await probing(baseline.url, [clean, leaky])).toMatchObject({
    state: "failed",
    reason: expect.stringContaining("wrote to the secondary"),
  });
});

test("an isolated overlay must show the canary itself, or the read could see nothing", async () => {
  const own: Notes = [];
  const baseline = await notes({});
  const isolated = await notes({ writesTo: own, reads: own });
  const silent = await notes({});
  const as = { sideEffects: "isolated" } as const;
  expect(await probing(baseline.url, [laneOf(isolated.url)], as)).toMatchObject({ state: "passed" });
  expect(await probing(baseline.url, [laneOf(silent.url)], as)).toMatchObject({
    state: "unclear",
    reason: expect.stringContaining("does not show the canary at the candidate"),
  });
  const unseen = { ...as, probe: { visible: false } };
  expect(await probing(baseline.url, [laneOf(silent.url)], unseen)).toMatchObject({ state: "passed" });
});

const GONE = "http://127.0.0.1:1";
test.each<[string, Behaviour | "gone", Behaviour | "gone", object, RegExp]>([
  ["a candidate that is not there", {}, "gone", {}, /the candidate refused the connection/],
  ["a candidate that refuses the canary", {}, { status: 400 }, {}, /answered the canary with 400/],
  ["a baseline that is not there", "gone", {}, {}, /the baseline refused the connection/],
  ["a baseline that does not let us read", { readStatus: 401 }, {}, {}, /the baseline answered the read with 401/],
  ["another page of the baseline", {}, {}, { read: { path: "/", shows: "welcome" } }, /without what read.shows names/],
  [
    "a baseline that repeats the question",
    { echoes: true },
    {},
    { read: { path: "/notes?q={canary}" } },
    /before it is written: it repeats the request/,
  ],
  [
    "an answer without the id to read",
    {},
    {},
    { read: { path: "/notes/{answer/no}" } },
    /does not hold what \{answer…\}/,
  ],
])("%s shows nothing: it is unclear", async (_, baseline, candidate, probe, reason) => {
  const at = async (behaviour: Behaviour | "gone") => (behaviour === "gone" ? GONE : (await notes(behaviour)).url);
  const found = await probing(await at(baseline), [laneOf(await at(candidate))], { probe });
  expect(found).toMatchObject({ state: "unclear", reason: expect.stringMatching(reason) });
});

test("what the candidate answered leads to what it wrote", async () => {
  const baseline = await notes({ readStatus: 404 });
  const candidate = await notes({});
  const read = { path: "/notes/{answer/id}" };
  expect(await probing(baseline.url, [laneOf(candidate.url)], { probe: { read } })).toMatchObject({ state: "passed" });
  expect(new Set(baseline.seen.map(({ url }) => url))).toEqual(new Set(["/notes/17"]));
});
