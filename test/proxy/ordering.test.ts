import { connect, type Socket } from "node:net";
import { RawServer, startTee, type TestTee, talk } from "./harness.ts";

// Nothing here waits for a time to pass: servers hold what they are told to hold, and what must not come is looked for after something
// that was sent later has come.

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const get = (path: string, session = "s1"): string =>
  `GET ${path} HTTP/1.1\r\nHost: shop.test\r\n${session === "" ? "" : `X-Session: ${session}\r\n`}\r\n`;

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

/** Answers each request, unless its path is among those that are held; remembers the paths in the order in which they came. */
class Service extends RawServer {
  readonly paths: string[] = [];
  readonly #held: Map<string, Socket | undefined>;
  #told: (() => void)[] = [];

  constructor(held: readonly string[] = [], act = (socket: Socket, _path: string): unknown => socket.write(OK)) {
    super((socket, chunk) => {
      for (const [, path] of chunk.toString("latin1").matchAll(/^GET (\S+)/gm)) this.#came(path!, socket, act);
    });
    this.#held = new Map(held.map((path) => [path, undefined]));
  }

  #came(path: string, socket: Socket, act: (socket: Socket, path: string) => unknown): void {
    this.paths.push(path);
    if (this.#held.has(path)) this.#held.set(path, socket);
    else act(socket, path);
    for (const tell of this.#told.splice(0)) tell();
  }

  /** Resolves once the path has come. */
  async got(path: string): Promise<void> {
    while (!this.paths.includes(path)) await new Promise<void>((resolve) => this.#told.push(resolve));
  }

  breakOff(path: string): void {
    this.#held.get(path)!.resetAndDestroy();
  }

  answer(path: string): void {
    this.#held.get(path)!.write(OK);
    this.#held.delete(path);
  }
}

const service = async (...of: ConstructorParameters<typeof Service>): Promise<Service> => {
  const started = new Service(...of);
  cleanUps.push(() => started.stop());
  await started.start();
  return started;
};

const tee = async (
  lanes: { primary: Service; candidate: Service; secondary?: Service },
  { orderBy = { header: "x-session" } as object | null, limits = {} } = {},
): Promise<TestTee> => {
  const started = await startTee({
    primary: lanes.primary.url,
    candidate: lanes.candidate.url,
    ...(lanes.secondary === undefined ? {} : { secondary: lanes.secondary.url }),
    entry: { ...(orderBy === null ? {} : { orderBy }), candidate: { url: lanes.candidate.url } },
    limits: { drainMs: 300, ...limits },
  });
  cleanUps.unshift(() => started.tee.drain());
  return started;
};

const ask = (port: number, path: string, session?: string): Promise<string> =>
  talk(port, [get(path, session)], { until: OK.length });
const hits = ({ tee: { metrics } }: TestTee) => metrics.limits;

test("without orderBy a mirror overtakes one that the candidate takes long for", async () => {
  const [primary, candidate] = [await service(), await service(["/1"])];
  const { port, settled } = await tee({ primary, candidate }, { orderBy: null });
  await ask(port, "/1");
  await ask(port, "/2");
  await candidate.got("/2");
  candidate.answer("/1");
  expect(await settled(2)).toMatchObject({ compared: 2 });
});

test("with it the next of a session waits, on whatever connection it came; those of others and without a key do not", async () => {
  const [primary, candidate] = [await service(), await service(["/1"])];
  const { port, settled } = await tee({ primary, candidate });
  await ask(port, "/1");
  await ask(port, "/2");
  await ask(port, "/3");
  await ask(port, "/other", "s2");
  await ask(port, "/none", "");
  await Promise.all([candidate.got("/other"), candidate.got("/none")]);
  expect(candidate.paths).toEqual(["/1", "/other", "/none"]);
  candidate.answer("/1");
  expect(await settled(5)).toMatchObject({ compared: 5 });
  expect(candidate.paths).toEqual(["/1", "/other", "/none", "/2", "/3"]);
});

test("the order is that in which the primary ended", async () => {
  const [primary, candidate] = [await service(["/slow"]), await service()];
  const { port, settled } = await tee({ primary, candidate });
  const slow = ask(port, "/slow");
  await primary.got("/slow");
  await ask(port, "/quick");
  await candidate.got("/quick");
  expect(candidate.paths).toEqual(["/quick"]);
  primary.answer("/slow");
  await slow;
  expect(await settled(2)).toMatchObject({ compared: 2 });
  expect(candidate.paths).toEqual(["/quick", "/slow"]);
});

test("both lanes keep the order, and go together: the slower one holds the line", async () => {
  const [primary, candidate, secondary] = [await service(), await service(), await service(["/1"])];
  const { port, settled, pairs } = await tee({ primary, candidate, secondary });
  await ask(port, "/1");
  await secondary.got("/1");
  await ask(port, "/2");
  await ask(port, "/other", "s2");
  await Promise.all([candidate.got("/other"), secondary.got("/other")]);
  expect([candidate.paths, secondary.paths]).toEqual([
    ["/1", "/other"],
    ["/1", "/other"],
  ]);
  secondary.answer("/1");
  expect(await settled(3)).toMatchObject({ compared: 3 });
  expect([candidate.paths.at(-1), secondary.paths.at(-1)]).toEqual(["/2", "/2"]);
  expect(pairs.every((pair) => pair.secondary?.outcome === "responded")).toBe(true);
});

test.each<[string, (socket: Socket, primary: Service) => void, object]>([
  ["whose caller leaves before the answer", (caller) => caller.resetAndDestroy(), { abortedByCaller: 1 }],
  ["that the primary breaks off", (_caller, primary) => primary.breakOff("/1"), { primaryFailed: 1 }],
])("a request %s was the primary's all the same, so its mirror goes in its turn", async (_what, end, outcome) => {
  const [primary, candidate] = [await service(["/1"]), await service(["/0"])];
  const { port, settled, heldBytes } = await tee({ primary, candidate });
  await ask(port, "/0");
  const caller = connect(port, "127.0.0.1", () => caller.write(get("/1")));
  caller.on("error", () => {});
  await primary.got("/1");
  end(caller, primary);
  while (primary.sockets.size > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await ask(port, "/2");
  candidate.answer("/0");
  expect(await settled(3)).toMatchObject({ compared: 2, ...outcome });
  expect(candidate.paths).toEqual(["/0", "/1", "/2"]);
  caller.destroy();
  while (heldBytes() > 0) await new Promise((resolve) => setTimeout(resolve, 5));
});

test("a request that was never whole is mirrored in no turn", async () => {
  const [primary, candidate] = [await service(), await service()];
  const { port, settled } = await tee({ primary, candidate });
  const caller = connect(port, "127.0.0.1", () =>
    caller.write("GET /1 HTTP/1.1\r\nHost: a\r\nX-Session: s1\r\nContent-Length: 5\r\n\r\nab"),
  );
  await primary.got("/1");
  caller.on("error", () => {}).resetAndDestroy();
  await ask(port, "/2");
  expect(await settled(2)).toMatchObject({ abortedByCaller: 1, compared: 1 });
  expect(candidate.paths).toEqual(["/2"]);
});

test.each<[string, ConstructorParameters<typeof Service>, object]>([
  ["resets", [[], (socket, path) => (path === "/1" ? socket.resetAndDestroy() : socket.write(OK))], {}],
  ["talks nonsense", [[], (socket, path) => socket.write(path === "/1" ? "nonsense\r\n\r\n" : OK)], {}],
  ["times out", [["/1"]], { mirrorTimeoutMs: 100 }],
])("a mirror that %s lets the next one go", async (_how, candidateIs, limits) => {
  const [primary, candidate] = [await service(), await service(...candidateIs)];
  const { port, settled } = await tee({ primary, candidate }, { limits });
  await ask(port, "/1");
  await ask(port, "/2");
  expect(await settled(2)).toMatchObject({ candidateFailed: 1, compared: 1 });
  expect(candidate.paths).toEqual(["/1", "/2"]);
});

test("what the breaker or the bound of mirrors in flight sheds lets the next one go as well", async () => {
  const [primary, candidate] = [await service(), await service(["/1"])];
  const limits = { maxConsecutiveTimeouts: 1, mirrorTimeoutMs: 100, breakerProbeMs: 60_000 };
  const { port, settled, tee: of } = await tee({ primary, candidate }, { limits });
  for (const path of ["/1", "/2", "/3", "/4"]) await ask(port, path);
  expect(await settled(4)).toMatchObject({ candidateFailed: 1, shedBreaker: 3, shedOrder: 0 });
  expect(of.read().mirrorsWaiting).toBe(0);
});

test("a candidate that never answers: callers of the session get every answer, and what does not fit behind it is shed", async () => {
  const paths = Array.from({ length: 60 }, (_, number) => `/${number}`);
  const [primary, candidate] = [await service(), await service(paths)];
  const limits = { maxOrderWaitingPerKey: 10, mirrorTimeoutMs: 600_000, maxOrderWaitMs: 600_000 };
  const started = await tee({ primary, candidate }, { limits });
  const inParallel = async (lane: number): Promise<string[]> => {
    const answers: string[] = [];
    for (const path of paths.filter((_, number) => number % 6 === lane)) answers.push(await ask(started.port, path));
    return answers;
  };
  const answers = (await Promise.all([0, 1, 2, 3, 4, 5].map(inParallel))).flat();
  // Every answer is there, and the candidate has given none and got one request.
  expect(answers).toEqual(Array(60).fill(OK));
  await candidate.got(candidate.paths[0] ?? "/0");
  expect(candidate.paths).toHaveLength(1);
  expect(started.outcomes()).toMatchObject({ sampled: 60, shedOrder: 49, compared: 0, candidateFailed: 0 });
  expect(hits(started)).toMatchObject({ maxOrderWaitingPerKey: 49, maxOrderKeys: 0 });
  expect(started.tee.read()).toMatchObject({ mirrorsInFlight: 1, mirrorsWaiting: 10 });
  // The end of the process is not waited for either, and every request is accounted for.
  await started.tee.drain();
  expect(await started.settled(60)).toMatchObject({ shedOrder: 59, candidateFailed: 1 });
  expect(started.heldBytes()).toBe(0);
});

test("no mirror waits longer than maxOrderWaitMs; the one behind it goes on waiting for its own time", async () => {
  const [primary, candidate] = [await service(), await service(["/1"])];
  const started = await tee({ primary, candidate }, { limits: { maxOrderWaitMs: 100 } });
  await ask(started.port, "/1");
  await ask(started.port, "/2");
  while (started.outcomes().shedOrder === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(hits(started).maxOrderWaitMs).toBe(1);
  await ask(started.port, "/3");
  candidate.answer("/1");
  expect(await started.settled(3)).toMatchObject({ compared: 2, shedOrder: 1 });
  expect(candidate.paths).toEqual(["/1", "/3"]);
});

test.each<[string, object, string[]]>([
  ["maxOrderKeys", { maxOrderKeys: 1 }, ["s2"]],
  ["maxOrderWaitingBytes", { maxOrderWaitingBytes: 1 }, ["s1"]],
])("%s sheds what it bites, and is counted", async (limit, limits, [session]) => {
  const [primary, candidate] = [await service(), await service(["/1"])];
  const started = await tee({ primary, candidate }, { limits });
  await ask(started.port, "/1");
  await candidate.got("/1");
  await ask(started.port, "/2", session);
  expect(started.outcomes()).toMatchObject({ sampled: 2, shedOrder: 1 });
  expect(hits(started)[limit as "maxOrderKeys"]).toBe(1);
  candidate.answer("/1");
  expect(await started.settled(2)).toMatchObject({ compared: 1, shedOrder: 1 });
  expect(candidate.paths).toEqual(["/1"]);
});

test("whatever the candidate does, one mirror of a key is under way at a time, in the order of its requests", async () => {
  const SESSIONS = 8;
  const REQUESTS = 25;
  const underWay = new Map<string, number>();
  let most = 0;
  const sessionOf = (path: string): string => path.split("/")[1]!;
  const candidate = await service([], (socket, path) => {
    const [session, number] = [sessionOf(path), Number(path.split("/")[2])];
    const now = (underWay.get(session) ?? 0) + 1;
    most = Math.max(most, now);
    underWay.set(session, now);
    const end = (act: () => void) => {
      underWay.set(session, (underWay.get(session) ?? 1) - 1);
      act();
    };
    // Each by its number: at once, late, broken off, nonsense, never (and then the next comes although this one is not done).
    const acts = [
      () => end(() => socket.write(OK)),
      () => setTimeout(() => end(() => socket.write(OK)), 1 + (number % 7)),
      () => end(() => socket.resetAndDestroy()),
      () => end(() => socket.write("HTTP/9\r\n\r\n")),
      () => end(() => {}),
    ];
    acts[(number * 7 + Number(session.slice(1))) % acts.length]!();
  });
  const primary = await service();
  const started = await tee({ primary, candidate }, { limits: { mirrorTimeoutMs: 50, maxConsecutiveTimeouts: 1_000 } });
  const sessions = Array.from({ length: SESSIONS }, async (_, session) => {
    for (let number = 0; number < REQUESTS; number++)
      expect(await ask(started.port, `/s${session}/${number}`, `s${session}`)).toBe(OK);
  });
  await Promise.all(sessions);
  const outcomes = await started.settled(SESSIONS * REQUESTS);
  expect(outcomes.compared + outcomes.candidateFailed).toBe(SESSIONS * REQUESTS);
  expect(outcomes.candidateFailed).toBeGreaterThan(REQUESTS);
  expect(most).toBe(1);
  for (let session = 0; session < SESSIONS; session++) {
    const seen = candidate.paths.filter((path) => sessionOf(path) === `s${session}`);
    // A kept connection that closed just then is tried once more with the same request.
    const once = seen.filter((path, index) => path !== seen[index - 1]);
    expect(once).toEqual(Array.from({ length: REQUESTS }, (_, number) => `/s${session}/${number}`));
  }
  expect(started.tee.read()).toMatchObject({ mirrorsWaiting: 0, mirrorsInFlight: 0 });
});
