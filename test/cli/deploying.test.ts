import { baselineFile, type DeployingUnderTest, deployingUnderTest } from "../lambdas/deploy/deploying-under-test.ts";
import { type CliUnderTest, cliUnderTest, type Ran } from "./cli-under-test.ts";

const OVERLAY = `name: pr-7
version: "2"
services:
  web: { image: "shop/web:2", secondary: none }
`;

let world: DeployingUnderTest;
let cli: CliUnderTest;
/** While a command sleeps, the deploy program works. */
const run = (line: string | readonly string[], over: object = {}): Promise<Ran> =>
  cli.run(line, { sleep: async () => void (await world.settle(1)), now: () => world.cloud.now(), ...over });

beforeEach(async () => {
  world = await deployingUnderTest();
  await world.api.call("POST", "/baselines", { file: baselineFile(["web"]) });
  cli = cliUnderTest(world.api);
  cli.files["overlay.yaml"] = OVERLAY;
});
const create = "overlay create --baseline shop --file overlay.yaml";

test("create shows a line at each change until it is ready, then what runs and what comes next", async () => {
  const { exit, out, err } = await run(create);
  expect(exit).toBe(0);
  expect(err.split("\n").filter(Boolean)).toEqual([
    "deploying: web candidate name in Cloud Map",
    "deploying: web candidate starting 0/1",
    expect.stringMatching(/^deploying: web candidate starting 1\/1 \| .* has started 1 tasks\.$/),
  ]);
  expect(out).toMatch(/state +ready\nshut down +at .*\nruns under +arn:aws:iam::1:role\/overlays\n/);
  expect(out).toMatch(/Next: npx shadowgraph env shadow pr-7 --enable/);
});

test("on a terminal it is one line, which is gone at the end", async () => {
  const { err } = await run(create, { isErrTerminal: true });
  expect(err).not.toContain("\n");
  expect(err.endsWith("\r\u001b[2K")).toBe(true);
});

test("a failure is told with its reason on stdout and exit code 6; --json has all of it", async () => {
  world.cloud.fates["shop/web:2"] = "cannotPull";
  const { exit, out } = await run(create);
  expect([exit, out]).toEqual([
    6,
    expect.stringMatching(/state +failed[\s\S]*CannotPullContainerError[\s\S]*Next: check/),
  ]);
  const json = JSON.parse((await run("overlay show pr-7 --json")).out);
  expect(json.deployment).toMatchObject({ state: "failed", parts: [{ failure: { next: expect.any(String) } }] });
  expect((await run("overlay list")).out).toMatch(/pr-7 +2 +\S+ +failed/);
});

test("--no-wait ends at once, with what to ask later", async () => {
  const { exit, out, err } = await run(`${create} --no-wait`);
  expect([exit, err, out]).toEqual([
    0,
    "",
    expect.stringMatching(/state +deploying[\s\S]*Next: npx shadowgraph overlay show pr-7/),
  ]);
});

test("delete waits until it is gone; with --no-wait it does not", async () => {
  await run(create);
  const { exit, out, err } = await run("overlay delete pr-7");
  expect([exit, out, err]).toEqual([
    0,
    expect.stringMatching(/^deleted pr-7-/),
    expect.stringMatching(/^removing: web candidate stopping/),
  ]);
  expect((await run("overlay show pr-7")).exit).toBe(2);
  await run(create);
  expect((await run("overlay delete pr-7 --no-wait")).out).toMatch(/is being removed/);
});

const BY_URL = `name: by-url
services:
  web: { url: "http://127.0.0.1:1" }
`;

/** Two that are deployed, one that runs elsewhere. */
const createThree = async () => {
  cli.files["by-url.yaml"] = BY_URL;
  await run(create);
  await run(`${create} --name pr-8`);
  await run("overlay create --baseline shop --file by-url.yaml");
};

test("delete --all waits until every overlay is gone, and nothing of them is registered any more", async () => {
  await createThree();
  const { exit, out, err } = await run("overlay delete --all");
  expect([exit, out]).toEqual([0, expect.stringMatching(/^(deleted (pr-7|pr-8|by-url)-\S+\n){3}$/)]);
  expect(err).toMatch(
    /^1 of 3 deleted \| pr-7 removing: web candidate stopping[\s\S]*2 of 3 deleted \| pr-8 removing: /,
  );
  expect(Object.keys(world.cloud.state.registries)).toEqual([]);
  expect((await run("overlay delete --all")).out).toBe("no overlays\n");
});

test("delete --all of one baseline leaves those of others", async () => {
  await createThree();
  await world.api.call("POST", "/baselines", { file: { ...baselineFile(["web"]), name: "other" } });
  const others = await run("overlay delete --all --baseline other --json");
  expect(JSON.parse(others.out)).toEqual({ deleted: [], left: [] });
  const all = JSON.parse((await run("overlay delete --all --baseline shop --json")).out);
  expect(all).toEqual({ deleted: Array(3).fill(expect.stringMatching(/^(pr-|by-url-)/)), left: [] });
});

test("delete --all --no-wait says what is being removed still", async () => {
  await createThree();
  const { exit, out } = await run("overlay delete --all --no-wait --json");
  const { deleted, left } = JSON.parse(out);
  expect([exit, deleted, left]).toEqual([
    0,
    [expect.stringMatching(/^by-url-/)],
    ["pr-7", "pr-8"].map((name) => ({ id: expect.stringMatching(name), name, reason: "removing" })),
  ]);
});

test("an overlay that cannot be deleted keeps no other; it and what came meanwhile are told, with exit code 3", async () => {
  await createThree();
  const body = JSON.stringify({ code: "conflict", detail: "it changes too fast" });
  let isMade = false;
  const fetch: typeof globalThis.fetch = async (url, init) => {
    if (init?.method === "DELETE" && String(url).includes("/pr-7-")) return new Response(body, { status: 409 });
    if (init?.method === "DELETE" && !isMade) {
      isMade = true;
      const file = { name: "late", services: { web: { url: "http://127.0.0.1:1" } } };
      await world.api.call("POST", "/overlays", { baseline: "shop", file });
    }
    return world.api.app.fetch(new Request(url as string, init));
  };
  const { exit, out } = await run("overlay delete --all", { fetch });
  const deleted = out.split("\n").filter((line) => line.startsWith("deleted"));
  expect([exit, deleted]).toEqual([3, Array(2).fill(expect.any(String))]);
  expect(out).toMatch(/still there: pr-7-\S+: it changes too fast\n/);
  expect(out).toMatch(/still there: late-\S+: came meanwhile\n/);
});

test.each([
  ["", /id: must be the id or name of an overlay, unless --all is given; got nothing/],
  ["pr-7 --all", /--all: must stand without an id; got "pr-7" as well/],
  ["pr-7 --baseline shop", /--baseline: must stand with --all; got "shop" without it/],
  ["--all --baseline nowhere", /nowhere/],
])("overlay delete %s deletes nothing, and says why", async (given, message) => {
  await run(create);
  const { exit, err } = await run(`overlay delete ${given}`.trim());
  expect([exit, err]).toEqual([2, expect.stringMatching(message)]);
  expect((await run("overlay show pr-7")).exit).toBe(0);
});

test.each([
  ["REGRESSION", 1],
  ["UNDECIDED", 3],
  ["INVALID", 4],
] as const)("a release that is %s exits with %d and says why and what would be needed", async (verdict, exit) => {
  await run(create);
  world.api.scene = { verdict: { verdict, reason: "for a reason" } };
  const refused = await run("overlay release pr-7");
  expect([refused.exit, refused.out]).toEqual([exit, ""]);
  expect(refused.err).toMatch(new RegExp(`is ${verdict}, not SAFE: for a reason. Next: .*--force --because`));
  const { error } = JSON.parse((await run("overlay release pr-7 --json")).err);
  expect(error.code).toBe("not-allowed");
});

test("a release that is SAFE is watched to its end; by force it needs a reason", async () => {
  await run(create);
  world.api.scene = { verdict: { verdict: "SAFE" } };
  const { services } = world.cloud.state;
  expect(services["shop/web"]).toBeDefined();
  const released = await run("overlay release pr-7");
  expect([released.exit, released.out]).toEqual([
    0,
    expect.stringMatching(/outcome +released[\s\S]*web +released +canary/),
  ]);
  expect(released.err).toMatch(/releasing: web watch IN_PROGRESS: PRODUCTION_TRAFFIC_SHIFT/);
  const shown = await run("overlay release pr-7 --show");
  expect([shown.exit, shown.out]).toEqual([0, released.out]);
  const unexplained = await run("overlay release pr-7 --force");
  expect([unexplained.exit, unexplained.err]).toEqual([2, expect.stringMatching(/--because: must say why/)]);
});

test("a release that is rolled back exits with 6 and says why", async () => {
  await run(create);
  world.cloud.fates["shop/web:2"] = "crashes";
  const release = ["overlay", "release", "pr-7", "--force", "--because", "a try"];
  world.api.scene = { verdict: { verdict: "UNDECIDED" } };
  const { exit, out } = await run(release);
  expect([exit, out]).toEqual([
    6,
    expect.stringMatching(
      /outcome +rolled back[\s\S]*forced +a try[\s\S]*not done within 70 minutes; .*stopped by a user/,
    ),
  ]);
});
