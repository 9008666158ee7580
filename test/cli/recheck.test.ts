import { closeLanes, lane, one, REMOVED, scene, VALUE, whole } from "../lambdas/api/rechecked.ts";
import { cliUnderTest, interruptedOnce } from "./cli-under-test.ts";

afterAll(closeLanes);

const SECRET = "Bearer s3cret-value";
const hidden = { ...one, headers: [["Authorization", SECRET]] as const };

const cliOf = async (candidate: Parameters<typeof lane>[0], given = one) => {
  const seen: string[] = [];
  const api = await scene({ candidate: await lane(candidate, seen), control: await lane({ "/orders/1": whole }) }, [
    given,
  ]);
  return { cli: cliUnderTest(api), api, seen };
};

test("each finding with its state, those that are still there first; the exit code says it", async () => {
  const { cli } = await cliOf({ "/orders/1": { ...whole, rate: 0.083 } });
  const { exit, out, err } = await cli.run("env recheck checkout --rate 50");
  expect([exit, err]).toEqual([1, ""]);
  expect(out).toMatch(/2 findings of run \S+, rechecked .*: 1 still there, 1 fixed/);
  expect(out).toMatch(/still there +GET \/orders\/\{id\} +body\/rate +value +3\/3/);
  expect(out).toMatch(/control +0\.0825\n +candidate +0\.083/);
  expect(out).toMatch(/fixed +GET \/orders\/\{id\} +body\/limit +removed +0\/3 +> 99\.9 %/);
  expect(out.indexOf("still there  ")).toBeLessThan(out.indexOf("fixed  "));
  expect(await cli.run("env recheck checkout --show")).toMatchObject({ exit: 1, out });
});

test("all fixed is 0; what cannot be told is 3, with what to give", async () => {
  const { cli } = await cliOf({ "/orders/1": whole });
  expect((await cli.run("env recheck checkout --rate 50")).exit).toBe(0);
  const { cli: other } = await cliOf({ "/orders/1": whole }, hidden);
  const { exit, out } = await other.run("env recheck checkout");
  expect([exit, out]).toEqual([3, expect.stringContaining("not given: header:authorization")]);
  expect(out).toContain("--fill header:authorization=");
});

test.each([
  ["an argument", ["--fill", `authorization=${SECRET}`]],
  ["a file", ["--fill-file", "secrets"]],
])("hidden values from %s are sent and never shown", async (_, args) => {
  const { cli, seen } = await cliOf({ "/orders/1": whole }, hidden);
  cli.files.secrets = `# of the test user\n\nauthorization=${SECRET}\n`;
  const ran = await cli.run(["env", "recheck", "checkout", "--rate", "50", ...args]);
  expect(ran.exit).toBe(0);
  expect(seen).toContain(`GET /orders/1 ${SECRET}`);
  const json = await cli.run(["env", "recheck", "checkout", "--json", ...args]);
  expect(JSON.stringify([ran, json])).not.toContain("s3cret");
});

test("what is wrong with a value is told without the value", async () => {
  const { cli } = await cliOf({});
  const noName = await cli.run(["env", "recheck", "checkout", "--fill", "s3cret"]);
  expect(noName).toMatchObject({ exit: 2, err: expect.stringContaining("--fill: must be name=value") });
  cli.files.secrets = "a=1\ns3cret\n";
  const inFile = await cli.run("env recheck checkout --fill-file secrets");
  expect(inFile).toMatchObject({ exit: 2, err: expect.stringContaining("secrets:2: must be name=value") });
  const missing = await cli.run("env recheck checkout --fill-file none");
  expect(missing.err).toContain("--fill-file: cannot be read: ENOENT");
  expect(JSON.stringify([noName, inFile])).not.toContain("s3cret");
});

test("Ctrl-C ends it with what is known; nothing more is sent", async () => {
  const { cli, seen } = await cliOf({ "/orders/1": whole });
  const over = interruptedOnce(() => seen.length > 0, cli.api);
  const { exit, out, err } = await cli.run("env recheck checkout --times 60 --rate 50", over);
  expect(exit).toBe(3);
  expect(out).toContain("stopped: what was sent stands");
  expect(out).toMatch(/not finished/);
  expect(err).toMatch(/█*░+ 0 of 60 repetitions of 1 request sent, for 2 findings/);
  expect(seen).toHaveLength(25);
});

test("nothing confirmed, nothing to do", async () => {
  const api = await scene(
    { candidate: await lane({}), control: await lane({}) },
    [one],
    [{ ...VALUE, confirmed: false }],
  );
  const { exit, out } = await cliUnderTest(api).run("env recheck checkout");
  expect([exit, out]).toEqual([0, expect.stringContaining("--all")]);
  expect((await cliUnderTest(api).run(`env recheck checkout --all --finding ${REMOVED.id}`)).exit).toBe(2);
});
