import type { VerdictName } from "../../core/verdict/verdict.ts";
import { apiUnderTest, type Loose } from "../lambdas/api/api-under-test.ts";
import { memoryPorts } from "../lambdas/api/memory-ports.ts";
import { cliUnderTest, cliWithOverlay } from "./cli-under-test.ts";

test.each<[VerdictName, number]>([
  ["SAFE", 0],
  ["REGRESSION", 1],
  ["UNDECIDED", 3],
  ["INVALID", 4],
])("a verdict of %s exits with %d, and says so as text and JSON", async (verdict, exit) => {
  const cli = await cliWithOverlay();
  cli.api.scene = { verdict: { verdict, reason: "for a reason" } };
  const text = await cli.run("env verdict checkout");
  expect([text.exit, text.out]).toEqual([
    exit,
    expect.stringMatching(`^${verdict}  checkout, attempt 1\n  for a reason\n`),
  ]);
  const { exit: again, out } = await cli.run("env verdict checkout --json");
  expect([again, JSON.parse(out)]).toEqual([
    exit,
    expect.objectContaining({ verdict, reason: "for a reason", attempts: 1 }),
  ]);
});

test("verdict --json holds what scripts rely on", async () => {
  const cli = await cliWithOverlay();
  cli.api.scene = { pairs: 400 };
  const verdict = JSON.parse((await cli.run("env verdict checkout --json")).out);
  expect(verdict).toMatchObject({
    verdict: "UNDECIDED",
    reason: "3356 pairs needed",
    pairs: 400,
    needed: 3_356,
    attempts: 1,
  });
  expect(verdict.endpoints[0]).toMatchObject({ endpoint: "GET /orders/{id}", verdict: "UNDECIDED" });
});

test.each([
  ["0.1%", 0.001],
  ["1 %", 0.01],
  ["0.002", 0.002],
  [".5%", 0.005],
])("--tolerance %s asks for %d", async (text, share) => {
  const cli = await cliWithOverlay();
  const { out } = await cli.run(["env", "verdict", "checkout", "--json", "--tolerance", text]);
  expect(JSON.parse(out).tolerance).toBe(share);
});

describe("--wait", () => {
  /** Verdicts at each look, the last one from then on. */
  const looks = async (line: string, verdicts: readonly VerdictName[], over = {}) => {
    const cli = await cliWithOverlay();
    const begun = cli.api.now;
    let look = 0;
    const sleep = async (ms: number) => {
      cli.api.now += ms;
      look++;
      cli.api.scene = { pairs: look, verdict: { verdict: verdicts[Math.min(look, verdicts.length - 1)]! } };
    };
    cli.api.scene = { verdict: { verdict: verdicts[0]! } };
    const ran = await cli.run(line, { sleep, ...over });
    return { ...ran, seconds: (cli.api.now - begun) / 1_000 };
  };

  test("ends as soon as it is decided, with progress on stderr", async () => {
    const { exit, seconds, err, out } = await looks("env verdict checkout --wait 10m", [
      "UNDECIDED",
      "UNDECIDED",
      "SAFE",
    ]);
    expect([exit, seconds]).toEqual([0, 4]);
    expect(err).toMatch(/^UNDECIDED: 0 pairs, needed: 3 756 more pairs\n$/);
    expect(out).toMatch(/^SAFE/);
  });

  test("ends when the time is over: UNDECIDED", async () => {
    const { exit, seconds, err, out } = await looks("env verdict checkout --wait 150s", ["UNDECIDED"]);
    expect([exit, seconds]).toEqual([3, 150]);
    expect(err.match(/\n/g)).toHaveLength(3);
    expect(out).toMatch(/^UNDECIDED[\s\S]*needed +\d[ \d]* more pairs/);
  });

  test("an INVALID that passes is waited out; one that stands is final", async () => {
    expect(await looks("env verdict checkout --wait 10m", ["INVALID", "INVALID", "UNDECIDED", "SAFE"])).toMatchObject({
      exit: 0,
    });
    expect(await looks("env verdict checkout --wait 10m", ["INVALID"])).toMatchObject({ exit: 4, seconds: 30 });
  });

  test("an API that is away for less than a minute is waited for; one that never answered is not", async () => {
    const away = (from: number, to: number) => {
      let asked = 0;
      return async (cli: Awaited<ReturnType<typeof cliWithOverlay>>) => {
        cli.api.scene = { verdict: { verdict: "UNDECIDED" } };
        return cli.run("env verdict checkout --wait 5m", {
          fetch: async (url, init) => {
            asked++;
            if (asked > from && asked <= to) throw new TypeError("fetch failed");
            if (asked > to) cli.api.scene = { verdict: { verdict: "SAFE" } };
            return cli.api.app.fetch(new Request(url as string, init));
          },
        });
      };
    };
    expect(await away(1, 20)(await cliWithOverlay())).toMatchObject({ exit: 0 });
    expect(await away(1, 40)(await cliWithOverlay())).toMatchObject({ exit: 5 });
    expect(await away(0, 1)(await cliWithOverlay())).toMatchObject({ exit: 5 });
  });

  test("on a terminal the progress is one line that is taken away again", async () => {
    const { err } = await looks("env verdict checkout --wait 10m", ["UNDECIDED", "SAFE"], { isErrTerminal: true });
    expect(err.split("\r\u001b[2K")).toEqual(["", expect.stringMatching(/^UNDECIDED/), ""]);
    expect(err).not.toContain("\n");
  });
});

const REFUSED: [line: string, exit: number, said: RegExp][] = [
  ["", 2, /Usage: shadowgraph/],
  ["nothing", 2, /unknown command 'nothing'/],
  ["env", 2, /Usage: shadowgraph env/],
  ["env diffz", 2, /unknown command 'diffz'[\s\S]*diffs/],
  ["env show", 2, /missing required argument 'env'/],
  ["env show a b", 2, /too many arguments/],
  ["env show checkout --jsn", 2, /unknown option '--jsn'[\s\S]*--json/],
  ["baseline create", 2, /required option '--file <file>'/],
  ["baseline create --file none.yaml", 2, /cannot read none\.yaml: there is no such file/],
  ["baseline create --file baseline.yaml", 2, /"shop" is there already/],
  ["overlay create --baseline none --file overlay.yaml", 2, /no baseline "none"/],
  ["overlay create --baseline shop --file overlay.yaml --name Bad!", 2, /--name: must be 1-40.*; got "Bad!"/],
  ["env show none", 2, /no environment "none"/],
  ["env verdict none", 2, /no environment "none"/],
  ["env verdict shop", 2, /is a baseline/],
  ["env verdict checkout --wait ten", 2, /--wait: must be a number with ms, s, m or h.*; got "ten"/],
  ["env verdict checkout --tolerance 5", 2, /--tolerance: .*0\.001 is 0\.1%.*; got "5"/],
  ["env shadow checkout --enable --disable", 2, /exclude each other/],
  ["env shadow checkout --enable --sample 101", 2, /--sample: must be 0 to 100.*; got "101"/],
  ["env diffs checkout --limit 0", 2, /--limit: must be at least 1; got "0"/],
  ["env diffs checkout --kind sort", 2, /--kind: must be one of added, .*; got "sort"/],
  ["env report checkout --format pdf", 2, /--format: must be one of markdown, junit, html, json; got "pdf"/],
  ["env list --api localhost:1", 2, /must be an http\(s\) URL.*got "localhost:1"/],
];

test.each(REFUSED)("`shadowgraph %s` exits with %d", async (line, exit, said) => {
  const cli = await cliWithOverlay();
  const ran = await cli.run(line === "" ? [] : line);
  expect([ran.exit, ran.out]).toEqual([exit, ""]);
  expect(ran.err).toMatch(said);
  expect(ran.err).not.toMatch(/ {4}at /);
});

test.each([
  [
    "nothing listens",
    async () => Promise.reject(new TypeError("fetch failed")),
    /no Shadowgraph API answers at http:\/\/127\.0\.0\.1:8081; start one with `npx shadowgraph up …` or set SHADOWGRAPH_API/,
  ],
  [
    "something else listens",
    async () => new Response("<html>", { headers: { "content-type": "text/html" } }),
    /is no Shadowgraph API \(status 200\)/,
  ],
  [
    "something else refuses",
    async () => Response.json({ message: "Forbidden" }, { status: 403 }),
    /is no Shadowgraph API \(status 403\)/,
  ],
  ["it hangs", async () => Promise.reject(new DOMException("late", "TimeoutError")), /did not answer within 30 s/],
])("where %s, a command exits with 5 and says what to do", async (_title, fetch, said) => {
  for (const line of ["env list", "env verdict checkout", "env report checkout"]) {
    const { exit, err } = await cliUnderTest().run(line, { fetch });
    expect([exit, err]).toEqual([5, expect.stringMatching(said)]);
  }
});

test("a fault of the API exits with 5", async () => {
  const ports = memoryPorts();
  const api = apiUnderTest({
    ports: { ...ports, catalog: { ...ports.catalog, overlays: () => Promise.reject(new Error("x")) } },
  });
  expect(await cliUnderTest(api).run("overlay list")).toMatchObject({
    exit: 5,
    err: expect.stringMatching(/its log says why/),
  });
});

test("with --json an error is JSON too, with all faults", async () => {
  const cli = await cliWithOverlay();
  const { err, exit } = await cli.run("env diffs checkout --limit x --kind y --json");
  const { error } = JSON.parse(err);
  expect([exit, error.code, error.faults.map((fault: Loose) => fault.field)]).toEqual([
    2,
    "invalid-input",
    ["--limit", "--kind"],
  ]);
});
