import { OUTCOMES } from "../core/pair/outcome.ts";
import type { EnvironmentShape, EnvVerdictShape } from "../lambdas/api/shapes.ts";
import type { LocalSystem } from "../local/system.ts";
import { type Client, createClient } from "./client.ts";
import type { Io } from "./io.ts";
import { COLOUR_OF, type Paint, paintOf } from "./render/paint.ts";
import { clip, number, visible } from "./render/text.ts";
import { CLEAR_LINE } from "./wait.ts";

const LIVE_EVERY_MS = 1_000;
const LINE_EVERY_MS = 10_000;
/** 128 + SIGINT. */
const EXIT_INTERRUPTED = 130;

type Start = (log: (line: string) => void) => Promise<LocalSystem>;

/** What is done once all runs, and what is said at the end. */
export interface Around {
  first(system: LocalSystem): Promise<void>;
  readonly farewell: string;
}

/** Serves until Ctrl-C, says once a second what was seen, then drains. A second Ctrl-C ends at once. */
export const serveUntilInterrupted = async (
  start: Start,
  name: string,
  io: Io,
  around: Around = { first: async () => {}, farewell: "done; the same --data and --name continue this run\n" },
): Promise<number> => {
  const interruption = interruptedOnce(io);
  const paint = paintOf(io);
  const system = await start((line) => io.err(`${io.isTerminal ? CLEAR_LINE : ""}${visible(line)}\n`));
  await Promise.race([around.first(system), interruption.happened]);
  io.out(welcome(system, name, paint));
  const client = createClient(system.apiUrl, io);
  const everyMs = io.isTerminal ? LIVE_EVERY_MS : LINE_EVERY_MS;
  let last = "";
  while (!interruption.signal.aborted) {
    last = (await liveText(client, system.overlay.id, io).catch(() => undefined)) ?? last;
    if (last !== "") io.out(io.isTerminal ? `${CLEAR_LINE}${last}` : `${last}\n`);
    await io.sleep(everyMs, interruption.signal);
  }
  io.out(`${io.isTerminal ? "\n" : ""}draining: what is under way is finished and judged; Ctrl-C again ends at once\n`);
  await system.drain();
  io.out(around.farewell);
  interruption.end();
  return 0;
};

const interruptedOnce = (io: Io) => {
  const controller = new AbortController();
  const end = io.onInterrupt(() => {
    if (controller.signal.aborted) io.exit(EXIT_INTERRUPTED);
    controller.abort();
  });
  const { signal } = controller;
  const happened = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
  return { signal, happened, end };
};

const welcome = ({ teeUrl, apiUrl, overlay, guard }: LocalSystem, name: string, paint: Paint): string => {
  const api = apiUrl === "http://127.0.0.1:8081" ? "" : ` --api ${apiUrl}`;
  const off = overlay.shadow.enabled ? "" : `\n  mirroring is off: npx shadowgraph env shadow ${name} --enable${api}`;
  return [
    `${paint("bold", "send your traffic to")} ${teeUrl}${off}`,
    `${paint("bold", "watch at")} ${apiUrl}/#/env/${name}`,
    `  findings  npx shadowgraph env diffs ${name}${api}`,
    `  verdict   npx shadowgraph env verdict ${name}${api}`,
    `  API       ${apiUrl}`,
    ...guardLines(guard),
    "",
    "",
  ].join("\n");
};

/** What each service is to be told. */
const guardLines = (guard: LocalSystem["guard"]): readonly string[] => {
  if (guard === undefined) return [];
  const at = (ports: Readonly<Record<string, number>>) =>
    Object.entries(ports).map(([name, port]) => `    ${name}  http://127.0.0.1:${port}`);
  const observed = at(guard.observers);
  const baseline = observed.length === 0 ? [] : ["  the baseline calls its collaborators at", ...observed];
  return [...baseline, "  the overlay calls its collaborators at", ...at(guard.doors)];
};

const liveText = async (client: Client, env: string, io: Io): Promise<string | undefined> => {
  const [environment, verdict] = await Promise.all([client.environment(env), client.verdict(env)]);
  if (environment.kind !== "overlay") return undefined;
  const counts = countsOf(environment.outcomes, verdict);
  const end = verdictOf(verdict);
  const room = io.isTerminal ? Math.max(0, io.columns - 3 - end.length) : Number.POSITIVE_INFINITY;
  return `${clip(counts, room)}  ${paintOf(io)(COLOUR_OF[verdict.verdict], end)}`;
};

type Outcomes = Extract<EnvironmentShape, { kind: "overlay" }>["outcomes"];

/** Outcomes that are as they should be, and those that are not only where there are some. */
const countsOf = (outcomes: Outcomes, { diverging }: EnvVerdictShape): string => {
  const troubles = [...OUTCOMES, "gap" as const]
    .filter((name) => name !== "compared" && outcomes[name] > 0)
    .map((name) => `${number(outcomes[name])} ${name}`);
  const usual = [`${number(outcomes.sampled)} mirrored`, `${number(outcomes.compared)} compared`];
  return [...usual, `${number(diverging)} diverging`, ...troubles].join("  ");
};

const verdictOf = ({ verdict, needed }: EnvVerdictShape): string =>
  verdict === "UNDECIDED" && needed !== null ? `${verdict} (${number(needed)} pairs needed)` : verdict;
