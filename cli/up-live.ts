import type { LocalSystem } from "../local/system.ts";
import { type Client, createClient } from "./client.ts";
import type { Io } from "./io.ts";
import { createLiveBlock, type LiveBlock } from "./live-block.ts";
import { type Story, storyLine, storyLines } from "./render/live.ts";
import { type Paint, paintOf } from "./render/paint.ts";
import { visible } from "./render/text.ts";

const LIVE_EVERY_MS = 1_000;
const LINE_EVERY_MS = 10_000;
/** 128 + SIGINT. */
const EXIT_INTERRUPTED = 130;

type Start = (log: (line: string) => void) => Promise<LocalSystem>;

/** What is done once all runs, and what is said at the end. */
export interface Around {
  first(system: LocalSystem, block: LiveBlock): Promise<void>;
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
  const block = createLiveBlock(io);
  const system = await start((line) => block.say(visible(line)));
  await Promise.race([around.first(system, block), interruption.happened]);
  io.out(welcome(system, name, paint));
  const client = createClient(system.apiUrl, io);
  const everyMs = io.isTerminal ? LIVE_EVERY_MS : LINE_EVERY_MS;
  while (!interruption.signal.aborted) {
    const story = await readStory(client, system.overlay.id);
    if (story !== undefined && io.isTerminal) block.draw(storyLines(story, { columns: io.columns, paint }));
    if (story !== undefined && !io.isTerminal) io.out(`${storyLine(story, paint)}\n`);
    await io.sleep(everyMs, interruption.signal);
  }
  block.end();
  io.out("draining: what is under way is finished and judged; Ctrl-C again ends at once\n");
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

/** What is to be told at present; nothing while the API does not answer. */
export const readStory = async (client: Client, env: string): Promise<Story | undefined> => {
  try {
    const [environment, verdict, { findings }] = await Promise.all([
      client.environment(env),
      client.verdict(env),
      client.findings(env, { limit: 500 }),
    ]);
    return environment.kind === "overlay" ? { verdict, outcomes: environment.outcomes, findings } : undefined;
  } catch {
    return undefined;
  }
};
