import type { Programs } from "../../cli/programs.ts";
import type { LocalOptions, LocalSystem } from "../../local/system.ts";
import { type CliUnderTest, cliWithOverlay } from "./cli-under-test.ts";

const URLS = "--primary http://localhost:3000 --candidate http://localhost:3001";

/** `up` before a system that only remembers what was asked of it; interrupted at the third look. */
const up = async (
  cli: CliUnderTest,
  line: string,
  over: { whileDraining?: (interrupt: () => void) => void; isTerminal?: boolean } = {},
) => {
  const asked: LocalOptions[] = [];
  const exits: number[] = [];
  let drained = 0;
  let looks = 0;
  let interrupt = () => {};
  const startLocal = async (options: LocalOptions): Promise<LocalSystem> => {
    asked.push(options);
    options.log?.("the tee says something \u001b[2J");
    return {
      teeUrl: "http://127.0.0.1:8080",
      apiUrl: "http://127.0.0.1:8081",
      teePort: 8080,
      cloudUrl: "http://127.0.0.1:4",
      guard: undefined,
      apiPort: 8081,
      ports: cli.api.ports,
      overlay: await cli.api.ports.catalog.overlay("checkout"),
      pids: () => ({ tee: 1, lambdaHost: 2 }),
      drain: async () => {
        drained++;
        over.whileDraining?.(interrupt);
      },
    };
  };
  const programs = { local: async () => ({ startLocal }) } as unknown as Programs;
  const ran = await cli.run(
    line,
    {
      isTerminal: over.isTerminal ?? false,
      columns: 60,
      onInterrupt: (handler) => {
        interrupt = handler;
        return () => {};
      },
      sleep: async (ms) => {
        cli.api.now += ms;
        looks++;
        if (looks === 3) interrupt();
      },
      exit: (code) => void exits.push(code),
    },
    programs,
  );
  return { ...ran, asked, exits, drained: () => drained };
};

test("up starts everything, says where, what is seen, and drains at Ctrl-C", async () => {
  const cli = await cliWithOverlay();
  cli.api.scene = { pairs: 1_234, gap: 3 };
  const { exit, out, err, asked, drained } = await up(cli, `up ${URLS}`);
  expect([exit, drained()]).toEqual([0, 1]);
  expect(asked[0]).toMatchObject({
    primary: "http://localhost:3000",
    candidate: "http://localhost:3001",
    secondary: "baseline",
    port: 8080,
    apiPort: 8081,
    name: "local",
    newRun: false,
  });
  expect(asked[0]!.dataDir).toMatch(/\/\.shadowgraph$/);
  expect(out).toContain("send your traffic to http://127.0.0.1:8080");
  expect(out).toContain("1 234 mirrored  1 234 compared  0 diverging  3 gap  UNDECIDED (2 522 pairs needed)\n");
  expect(out).toMatch(/draining: .*Ctrl-C again ends at once\ndone/);
  expect(err).toBe("the tee says something \\x1b[2J\n");
});

test("on a terminal the line lives, is clipped to the width, and the verdict is always in it", async () => {
  const cli = await cliWithOverlay();
  cli.api.scene = { pairs: 123_456_789, verdict: { verdict: "REGRESSION", diverging: 123_456 } };
  const { out } = await up(cli, `up ${URLS}`, { isTerminal: true });
  const [line] = out.split("\r\u001b[2K").slice(1);
  const shown = line!.replace("\u001b[31m", "").replace("\u001b[0m", "");
  expect(shown).toMatch(/^123 456 789 mirrored .*… {2}REGRESSION$/);
  expect(shown.length).toBeLessThan(60);
});

test("a second Ctrl-C ends at once", async () => {
  const cli = await cliWithOverlay();
  expect((await up(cli, `up ${URLS}`)).exits).toEqual([]);
  expect((await up(cli, `up ${URLS}`, { whileDraining: (interrupt) => interrupt() })).exits).toEqual([130]);
});

test("every option arrives", async () => {
  const cli = await cliWithOverlay();
  cli.files["openapi.yaml"] = "paths: { /a: { get: { responses: { 200: { schema: { $ref: 'b.yaml' } } } } } }\n";
  cli.files["rules.yaml"] = "rules:\n  - ignore: body/at\n";
  const options =
    "--no-secondary --port 0 --api-port 0 --sample 12.5% --order-by path:/orders/{id} --data /d --rules rules.yaml --openapi openapi.yaml --name mine --baseline-version 1 --candidate-version 2 --new-run";
  const { asked, err } = await up(cli, `up ${URLS} ${options}`);
  expect(err).toContain("openapi.yaml: GET /a 200: b.yaml is another file");
  expect(asked[0]).toMatchObject({
    routes: ["GET /a"],
    schemas: { responses: {}, schemas: {} },
    secondary: "none",
    port: 0,
    apiPort: 0,
    samplePercent: 12.5,
    orderBy: { path: "/orders/{id}" },
    dataDir: "/d",
    rules: [{ ignore: "body/at" }],
    name: "mine",
    baselineVersion: "1",
    candidateVersion: "2",
    newRun: true,
  });
  const control = await up(cli, `up ${URLS} --secondary http://localhost:3002`);
  expect(control.asked[0]!.secondary).toBe("http://localhost:3002");
});

test.each([
  ["--primary http://a", /required option '--candidate <url>'/],
  [
    "--primary x --candidate ftp://y",
    /--primary: must be an absolute URL .*; got "x"\n +--candidate: must begin with http:\/\/ or https:\/\/; got "ftp:\/\/y"/,
  ],
  ["--primary http://a/base --candidate http://b", /--primary: must have no path.*; got "http:\/\/a\/base"/],
  [`${URLS} --secondary nowhere`, /--secondary: must be an absolute URL.*got "nowhere"/],
  [`${URLS} --port 80a`, /--port: must be a whole number of 0 to 65535; got "80a"/],
  [`${URLS} --port 8081`, /--api-port: must differ from --port; got 8081 for both/],
  [`${URLS} --order-by session`, /--order-by: must be header:NAME, cookie:NAME, path:.* or none; got "session"/],
  [`${URLS} --order-by path:/orders`, /--order-by: must be a path with a parameter in braces.*got "path:\/orders"/],
  [`${URLS} --sample 1000`, /--sample: must be 0 to 100.*got "1000"/],
  [`${URLS} --name Bad`, /--name: must be 1-40.*got "Bad"/],
  [`${URLS} --rules none.yaml`, /cannot read none\.yaml/],
])("`up %s` is refused before anything starts", async (line, said) => {
  const cli = await cliWithOverlay();
  const { exit, err, asked } = await up(cli, `up ${line}`);
  expect([exit, asked]).toEqual([2, []]);
  expect(err).toMatch(said);
});
