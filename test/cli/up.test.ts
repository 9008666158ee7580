import { stripVTControlCharacters } from "node:util";
import { createLiveBlock } from "../../cli/live-block.ts";
import type { Programs } from "../../cli/programs.ts";
import type { LocalOptions, LocalSystem } from "../../local/system.ts";
import { finding } from "../lambdas/api/judgements.ts";
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
  expect(out).toContain("1 234 sampled  1 234 compared  3 gap  0 diverging  UNDECIDED (2 522 pairs needed)\n");
  expect(out).toMatch(/draining: .*Ctrl-C again ends at once\ndone/);
  expect(err).toBe("the tee says something \\x1b[2J\n");
});

test("on a terminal it tells the story of the dashboard, drawn over itself, each line within the width", async () => {
  const cli = await cliWithOverlay();
  const findings = [
    finding("status", { kind: "status", breaking: true, count: 60, group: "f-status" }),
    finding("body/a", { group: "f-status" }),
    finding("body/\u001b[2J", { examples: [] }),
  ];
  cli.api.scene = {
    pairs: 400,
    findings,
    verdict: { verdict: "UNDECIDED", reason: "3 356 pairs needed", needed: 3_356 },
  };
  const { out } = await up(cli, `up ${URLS}`, { isTerminal: true });
  const [first, second] = out.split("\r\u001b[5A\u001b[J");
  const shown = stripVTControlCharacters(second!).split("\n").slice(0, 6);
  expect(first).toContain("UNDECIDED");
  expect(shown).toEqual([
    "UNDECIDED  3 356 pairs needed",
    "███░░░░░░░░░░░░░░░░░░░░░ 400 of about 3 756 pairs  still n…",
    "0 diverging, at most 1 % with 95 % confidence; tolerance 0…",
    "400 sampled  400 compared",
    "  status  status  GET /orders/{id}  15 % 60 of 400 pairs, …",
    "  value   body/\\x1b[2J  GET /orders/{id}  10 % 40 of 400 p…",
  ]);
});

test("what the system says stands above the story, which is drawn again below it", () => {
  const said: string[] = [];
  const block = createLiveBlock({ out: (text) => void said.push(text), err: (text) => void said.push(`err:${text}`) });
  block.draw(["a", "b"]);
  block.say("trouble");
  block.draw(["c"]);
  block.end();
  expect(said).toEqual(["a\nb", "\r\u001b[1A\u001b[J", "err:trouble\n", "a\nb", "\r\u001b[1A\u001b[Jc", "\n"]);
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
