import { closeLanes, type Given, lane, one, scene, VALUE, whole } from "../lambdas/api/rechecked.ts";
import { cliUnderTest, interruptedOnce } from "./cli-under-test.ts";

afterAll(closeLanes);

const WINDOW = "--from 2023-11-14T22:13:20Z --to 2023-11-14T22:14:20Z --speed max --rate 50";
const given = (count: number): Given[] => Array.from({ length: count }, (_, i) => ({ ...one, target: `/orders/${i}` }));

const cliOf = async (pairs: readonly Given[]) => {
  const seen: string[] = [];
  const all = (body: object) => Object.fromEntries(pairs.map(({ target }) => [target, body]));
  const candidate = await lane(all({ limit: 5, rate: 0.083 }), seen);
  const api = await scene({ candidate, control: await lane(all(whole)) }, pairs, [VALUE]);
  return { cli: cliUnderTest(api), seen };
};

test("says how many of the window can be sent before it sends them, then what came of each endpoint", async () => {
  const { cli } = await cliOf([...given(3), { ...one, method: "POST" }]);
  const { exit, out, err } = await cli.run(`env replay checkout ${WINDOW}`);
  expect(exit).toBe(0);
  expect(err).toContain("3 of 4 requests of the window (2023-11-14 22:13:20Z to 2023-11-14 22:14:20Z) can be sent");
  expect(out).toContain("  1 writes, which are not sent");
  expect(out).toContain("3 of 3 sent to http://127.0.0.1");
  expect(out).toMatch(/GET \/orders\/\{id\} +3 +3 +0/);
  expect(out).toMatch(/body\/rate +value +3\/3 +0 +as well/);
  expect((await cli.run("env replay checkout --show")).out).toBe(out);
  expect(JSON.parse((await cli.run("env replay checkout --show --json")).out)).toMatchObject({
    sent: 3,
    phase: "ended",
  });
});

test("a dry run, and a window without a request, send nothing", async () => {
  const { cli, seen } = await cliOf(given(2));
  expect((await cli.run(`env replay checkout ${WINDOW} --dry-run`)).out).toContain("2 of 2 requests of the window");
  expect((await cli.run("env replay checkout --from 2001-01-01 --to 2001-01-02")).out).toMatch(
    /no request .* is archived/,
  );
  expect(seen).toEqual([]);
});

test("Ctrl-C stops, with what came until then; a bar on a terminal only", async () => {
  const { cli, seen } = await cliOf(given(120));
  const over = interruptedOnce(() => seen.length > 0, cli.api);
  const { exit, out, err } = await cli.run(`env replay checkout ${WINDOW}`, over);
  expect(exit).toBe(0);
  expect(seen).toHaveLength(100);
  expect(out).toContain("100 of 120 sent");
  expect(out).toContain("stopped, the rest was not sent");
  expect(err).toMatch(/░{24} 0 of 120 sent/);
});

test.each([
  ["", /--from: must be given.*--to: must be given/s],
  ["--from 2023-01-02 --to 2023-01-01", /--to: must be after --from, 2023-01-02 00:00:00Z; got 2023-01-01 00:00:00Z/],
  ["--from soon --to 1m", /--from: must be a time such as/],
  [`${WINDOW} --speed 0`, /--speed: must be how many times as fast/],
  [`${WINDOW} --rate 51`, /--rate: must be 0\.1 to 50/],
])("refused: %s", async (flags, said) => {
  const { cli } = await cliOf([]);
  const { exit, err } = await cli.run(`env replay checkout ${flags}`.trim());
  expect([exit, err]).toEqual([2, expect.stringMatching(said)]);
});
