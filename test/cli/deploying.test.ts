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
