import type { HeaderList } from "../../../core/capture/capture.ts";
import type { ApiUnderTest, Loose } from "./api-under-test.ts";
import { closeLanes, type Given, lane, one, REMOVED, scene, VALUE, whole } from "./rechecked.ts";

afterAll(closeLanes);

const PATH = "/environments/checkout/replay";
const START = 1_700_000_000_000;
const WINDOW = { from: START, to: START + 60_000 };

/** Begins a replay and goes on until it has ended, as long as the clock stands still. */
const replay = async (api: ApiUnderTest, body: Loose = {}): Promise<Loose> => {
  let now = await api.call("POST", PATH, { ...WINDOW, speed: 10_000, rate: 50, ...body });
  expect([now.status, now.body]).toEqual([200, now.body]);
  for (let step = 0; now.body.phase !== "ended"; step++) {
    expect(step).toBeLessThan(50);
    now = await api.call("POST", PATH, { continue: now.body.id, fill: body.fill ?? {} });
    expect([now.status, now.body]).toEqual([200, now.body]);
  }
  return now.body;
};

const many = (count: number): Given[] => Array.from({ length: count }, (_, i) => ({ ...one, target: `/orders/${i}` }));
const answers = (count: number, body: Loose) => Object.fromEntries(many(count).map(({ target }) => [target, body]));

test("all that can be sent is sent once, compared, and its findings told, known or new", async () => {
  const seen: string[] = [];
  const candidate = await lane(answers(30, { limit: 5, rate: 0.083 }), seen);
  const api = await scene({ candidate, control: await lane(answers(30, whole)) }, many(30), [REMOVED, VALUE]);
  const told = await replay(api);
  expect(told).toMatchObject({
    phase: "ended",
    requests: 30,
    counts: { ready: 30 },
    sent: 30,
    unanswered: 0,
    total: 1,
  });
  expect(seen.sort()).toEqual(
    many(30)
      .map(({ target }) => `GET ${target}`)
      .sort(),
  );
  expect(told.endpoints).toEqual([{ endpoint: "GET /orders/{id}", pairs: 30, diverging: 30, candidateFailed: 0 }]);
  expect(told.findings).toMatchObject([{ id: VALUE.id, place: "body/rate", count: 30, confirmed: true, known: true }]);
  const shown = (await api.call("GET", PATH)).body;
  expect(shown).toEqual(told);
});

test("what cannot be sent is counted by its reason before anything is sent; a dry run ends there", async () => {
  const seen: string[] = [];
  const hidden = { ...one, headers: [["Authorization", "Bearer s3cret"]] as HeaderList };
  const given = [one, hidden, { ...hidden, target: "/orders/2" }, { ...one, cut: true }, { ...one, method: "POST" }];
  const api = await scene({ candidate: await lane({}, seen), control: await lane({}, seen) }, given);
  const told = await replay(api, { dryRun: true });
  expect(told).toMatchObject({
    phase: "ended",
    requests: 5,
    counts: { ready: 1, hidden: 2, bodyNotStored: 1, writes: 1, notStored: 0, beyond: 0 },
    missing: { "header:authorization": 2 },
    sent: 0,
  });
  expect(seen).toEqual([]);
  expect((await replay(api, { dryRun: true, fill: { authorization: "Bearer s3cret" } })).counts.ready).toBe(3);
});

test("the window takes what is in it and no more; an empty one ends at once", async () => {
  const api = await scene({ candidate: await lane({}), control: await lane({}) }, many(10));
  const told = await replay(api, { from: START + 3, to: START + 6, dryRun: true });
  expect(told).toMatchObject({ requests: 3, counts: { ready: 3 } });
  expect(await replay(api, { from: 1, to: 2 })).toMatchObject({ requests: 0, phase: "ended" });
  expect((await api.call("POST", PATH, { from: 2, to: 2 })).body.faults).toMatchObject([{ field: "to" }]);
});

test("at its own pace: what is not due yet says how long to wait, and nothing is sent before", async () => {
  const seen: string[] = [];
  let now = 5_000_000;
  const given = [one, { ...one, target: "/orders/2", at: 40_000 }];
  const api = await scene({ candidate: await lane({}, seen), control: await lane({}) }, given, [], { now: () => now });
  const { body: begun } = await api.call("POST", PATH, WINDOW);
  const go = async () => (await api.call("POST", PATH, { continue: begun.id })).body;
  expect(await go()).toMatchObject({ phase: "sending", sent: 0 });
  expect(await go()).toMatchObject({ sent: 1, waitMs: 0 });
  now += 1_000;
  expect(await go()).toMatchObject({ sent: 1, waitMs: 39_000 });
  now += 39_000;
  expect(await go()).toMatchObject({ sent: 2 });
  expect(seen).toEqual(["GET /orders/1", "GET /orders/2"]);
});

test("a control that does not answer leaves nothing to compare, and says so", async () => {
  const api = await scene({ candidate: await lane({}), control: "http://127.0.0.1:1" }, many(3));
  expect(await replay(api)).toMatchObject({ sent: 3, unanswered: 3, endpoints: [], total: 0 });
});

test("a value must be given at each step, and is kept nowhere", async () => {
  const hidden = { ...one, headers: [["Authorization", "Bearer s3cret"]] as HeaderList };
  const api = await scene({ candidate: await lane({}), control: await lane({}) }, [hidden]);
  const fill = { authorization: "Bearer s3cret" };
  const { body: begun } = await api.call("POST", PATH, { ...WINDOW, fill });
  expect((await api.call("POST", PATH, { continue: begun.id })).body.faults).toMatchObject([
    { field: "fill.authorization" },
  ]);
  expect((await replay(api, { fill })).sent).toBe(1);
  const env = (await api.call("GET", "/overlays/checkout")).body.id;
  expect(JSON.stringify([await api.ports.replays.of(env), await api.ports.audit.entries(env)])).not.toContain("s3cret");
});
