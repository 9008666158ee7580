import { join } from "node:path";
import type { Command } from "commander";
import * as z from "zod";
import { causesOf } from "../core/verdict/groups.ts";
import type { LoadReport } from "../examples/load.ts";
import type { EnvVerdictShape, FindingsShape } from "../lambdas/api/shapes.ts";
import type { LocalSystem } from "../local/system.ts";
import { type Client, createClient } from "./client.ts";
import type { Cli } from "./command.ts";
import type { Io } from "./io.ts";
import { createLiveBlock, type LiveBlock } from "./live-block.ts";
import type { Demo, Programs } from "./programs.ts";
import { findingsText } from "./render/findings.ts";
import { barText, storyLines } from "./render/live.ts";
import { paintOf } from "./render/paint.ts";
import { number, visible } from "./render/text.ts";
import { verdictText } from "./render/verdict.ts";
import { readStory, serveUntilInterrupted } from "./up-live.ts";
import { Port, parseOptions, whole } from "./values.ts";

const NAME = "demo";
const REQUESTS = 3_000;
const REQUESTS_A_SECOND = 200;
const SHOWN_FINDINGS = 8;
const ALL_JUDGED_WITHIN_MS = 20_000;
const LINE_EVERY_MS = 5_000;

const DemoOptions = z.object({
  port: Port.optional(),
  apiPort: Port.optional(),
  requests: whole(100, 100_000).default(REQUESTS),
});

export const addDemo = (program: Command, cli: Cli, programs: Programs): void => {
  program
    .command("demo")
    .description("show on two real services what an upgrade changes: json-server 0.17 against its 1.0 beta")
    .option("--port <port>", "where the tee serves (default: 8080, or a free one)")
    .option("--api-port <port>", "where the API answers (default: 8081, or a free one)")
    .option("--requests <count>", `how many requests are sent, 100 to 100000 (default: ${REQUESTS})`)
    .addHelpText("after", "\nExample:\n  $ shadowgraph demo")
    .action(async (given: Record<string, unknown>) => {
      const options = parseOptions(DemoOptions, given);
      cli.done(await runDemo(options, cli.io, programs));
    });
};

const runDemo = async (options: z.infer<typeof DemoOptions>, io: Io, programs: Programs): Promise<number> => {
  const demo = await programs.demo();
  const { startLocal } = await programs.local();
  io.out("starting two real services and the system around them\n");
  const services = await demo.startServices();
  let missing: readonly string[] = [];
  const show = async (system: LocalSystem, block: LiveBlock): Promise<void> => {
    const { baseline, overlay } = services;
    io.out(`  baseline  json-server ${baseline.version}  ${baseline.url}\n`);
    io.out(`  overlay   json-server ${overlay.version}  ${overlay.url}\n`);
    io.out(`  tee       ${system.teeUrl}   callers are served here, by the baseline\n`);
    io.out(`  watch at  ${system.apiUrl}/#/env/${NAME}\n\n`);
    const client = createClient(system.apiUrl, io);
    const sent = await sendTraffic({ demo, system, client, requests: options.requests, block }, io);
    missing = await tellStory({ client, sent, overlayUrl: overlay.url }, io);
    for (const what of missing) io.err(`the demo did not show what it should: ${what}\n`);
  };
  try {
    const port = options.port ?? (await demo.portOrFree(8080));
    const apiPort = options.apiPort ?? (await demo.portOrFree(8081));
    const start = (log: (line: string) => void) =>
      startLocal({
        primary: services.baseline.url,
        candidate: services.overlay.url,
        baselineVersion: services.baseline.version,
        candidateVersion: services.overlay.version,
        port,
        apiPort,
        dataDir: join(services.folder, "data"),
        name: NAME,
        log,
      });
    if (io.isTerminal)
      return Math.max(
        await serveUntilInterrupted(start, NAME, io, { first: show, farewell: "the demo has ended\n" }),
        missing.length > 0 ? 1 : 0,
      );
    const block = createLiveBlock(io);
    const system = await start((line) => block.say(visible(line)));
    try {
      await show(system, block);
    } finally {
      await system.drain();
    }
    io.out("\nThe demo has ended. In a terminal it goes on serving, so that these commands can be tried.\n");
    return missing.length > 0 ? 1 : 0;
  } finally {
    services.stop();
  }
};

interface Sending {
  readonly demo: Demo;
  readonly system: LocalSystem;
  readonly client: Client;
  readonly requests: number;
  readonly block: LiveBlock;
}

const sendTraffic = async ({ demo, system, client, requests, block }: Sending, io: Io): Promise<LoadReport> => {
  const paint = paintOf(io);
  let sent = 0;
  let isDone = false;
  const told = async (): Promise<void> => {
    while (!isDone) {
      const story = await readStory(client, NAME);
      if (isDone) return;
      const progress = `${barText(sent / requests)} ${number(sent)}/${number(requests)} requests`;
      const counted = story === undefined ? "" : `  ${countsOf(story.verdict)}`;
      const below = story === undefined ? [] : storyLines(story, { columns: io.columns, paint });
      if (io.isTerminal) block.draw([progress, ...below]);
      else io.out(`${progress}${counted}\n`);
      await io.sleep(io.isTerminal ? 500 : LINE_EVERY_MS);
    }
  };
  const telling = told();
  const report = await demo.sendLoad(demo.shopTraffic(1), {
    url: system.teeUrl,
    requests,
    rate: REQUESTS_A_SECOND,
    progress: (count) => {
      sent = count;
    },
  });
  isDone = true;
  void telling;
  block.end();
  return report;
};

const countsOf = ({ pairs, diverging, verdict }: EnvVerdictShape): string =>
  `${number(pairs)} compared  ${number(diverging)} diverging  ${verdict}`;

interface Told {
  readonly client: Client;
  readonly sent: LoadReport;
  readonly overlayUrl: string;
}

/** Shows what was found, one finding of each cause, and says what of it is not as it should be. */
const tellStory = async ({ client, sent, overlayUrl }: Told, io: Io): Promise<readonly string[]> => {
  const reads = sent.sent - sent.writes;
  const deadline = io.now() + ALL_JUDGED_WITHIN_MS;
  let verdict = await client.verdict(NAME);
  while (verdict.pairs < reads && io.now() < deadline) {
    await io.sleep(200);
    verdict = await client.verdict(NAME);
  }
  const found = await client.findings(NAME, { limit: 100 });
  const visits = (await (await io.fetch(`${overlayUrl}/visits`)).json()) as unknown[];
  const paint = paintOf(io);
  io.out(
    `${number(sent.sent)} requests sent, ${number(sent.failed)} failed; ${number(verdict.pairs)} pairs compared\n`,
  );
  io.out(
    `${number(sent.writes)} of them were writes: the baseline served all, the overlay got ${number(visits.length)}\n\n`,
  );
  const view = { env: NAME, columns: io.columns, paint };
  const firsts = causesOf(found.findings).flatMap(([first]) => first ?? []);
  io.out("one finding of each cause:\n");
  io.out(findingsText({ ...found, findings: firsts.slice(0, SHOWN_FINDINGS) }, view));
  io.out(`\n${verdictText(verdict, NAME, paint)}`);
  return missingOf(found, [
    [verdict.verdict === "REGRESSION", `the verdict is ${verdict.verdict}, not REGRESSION`],
    [verdict.pairs === reads, `${verdict.pairs} of ${reads} reads were compared`],
    [sent.failed === 0, `${sent.failed} requests of callers failed`],
    [visits.length === 0, `${visits.length} writes reached the overlay`],
  ]);
};

/** What is known to differ between the two versions, each checked by hand with curl. */
const PLANTED: readonly (readonly [endpoint: string, place: string, kind: string])[] = [
  ["GET /products/{id}", "body/id", "type"],
  ["GET /products/{id}/reviews", "status", "status"],
  ["GET /products", "body", "order"],
];

const missingOf = (
  { findings }: FindingsShape,
  checks: readonly (readonly [holds: boolean, fault: string])[],
): readonly string[] => {
  const faults = checks.filter(([holds]) => !holds).map(([, fault]) => fault);
  const absent = PLANTED.filter(
    ([endpoint, place, kind]) =>
      !findings.some((f) => f.confirmed && f.endpoint === endpoint && f.place === place && f.kind === kind),
  );
  return [...faults, ...absent.map((expected) => `no confirmed finding ${expected.join(" ")}`)];
};
