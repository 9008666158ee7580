import { userInfo } from "node:os";
import type * as z from "zod";
import { NO_LOAD_BALANCER } from "../adapters/bypass.ts";
import { readJudgement } from "../adapters/judgement.ts";
import type { Ports } from "../adapters/ports.ts";
import { createPorts } from "../adapters/ports-of.ts";
import type { CallKey } from "../core/sampling/call-id.ts";
import type { Collaborators } from "../core/sampling/collaborators.ts";
import type { Overlay } from "../core/sampling/environment.ts";

import { VerdictSettings } from "../core/verdict/settings.ts";
import type { GuardPorts } from "../guard/guard.ts";
import { createApi } from "../lambdas/api/app.ts";
import { newId } from "../lambdas/api/new-id.ts";
import { judgeRun } from "../lambdas/judge/judge-run.ts";
import { resend } from "../lambdas/resend/resend.ts";
import { MALLOC_ENV, NODE_FLAGS } from "../proxy/node-flags.ts";
import { startApiServer } from "./api-server.ts";
import { type LocalAws, startAws } from "./aws.ts";
import { readDashboard } from "./dashboard.ts";
import { type DrainStep, messagesIn, runSteps, untilEmpty } from "./drain.ts";
import { lockFolder } from "./folder-lock.ts";
import { type LocalGuard, startGuard } from "./guard.ts";
import { checkPort } from "./port.ts";
import { unreachable } from "./reach.ts";
import { parseShadowed, register, SERVICE, type Shadowed } from "./registration.ts";
import { supervise } from "./supervise.ts";

export interface LocalOptions extends z.input<typeof Shadowed> {
  /** Where callers are served; 0 takes a free port. */
  readonly port?: number;
  readonly apiPort?: number;
  /** Facts, archive and catalog live here and outlast the process. */
  readonly dataDir: string;
  readonly settings?: VerdictSettings;
  /** Of the services: a guard is started in front of these. */
  readonly collaborators?: Collaborators;
  /** By what calls belong to a request. */
  readonly callsKey?: CallKey;
  /** Lines for people: what the tee and the Lambda host say, and what befell them. */
  readonly log?: (line: string) => void;
}

export interface LocalSystem {
  readonly teeUrl: string;
  /** Of the API, and of the dashboard at its root. */
  readonly apiUrl: string;
  /** Where ECS and Cloud Map of this machine answer: what is put there, such as a baseline's service, overlays are made from. */
  readonly cloudUrl: string;
  readonly teePort: number;
  readonly apiPort: number;
  readonly ports: Ports;
  /** Where baseline and overlay call their collaborators; undefined without any. */
  readonly guard: GuardPorts | undefined;
  /** As it was at the start; `shadow.enabled` is false where the user switched it off before. */
  readonly overlay: Overlay;
  /** Process ids of the children, for those who watch. */
  pids(): { readonly tee: number | undefined; readonly lambdaHost: number | undefined };
  /** The tee closes and flushes, the queues empty, the run is judged, everything ends. Called twice, it ends once. */
  drain(): Promise<void>;
}

const host = "127.0.0.1";
/** For the audit. */
const who = `local:${userInfo().username}`;
const startWithinMs = 20_000;
const teeStopsWithinMs = 45_000;
const hostStopsWithinMs = 20_000;
const queuesEmptyWithinMs = 60_000;

/** The whole system on this machine. @throws ShadowgraphError with a message for the user; nothing is left running then */
export const startLocal = async (options: LocalOptions): Promise<LocalSystem> => {
  const { port = 8080, apiPort = 8081, dataDir, log = (line) => console.error(line) } = options;
  const settings = options.settings ?? VerdictSettings.parse({});
  parseShadowed(options);
  const ends: DrainStep[] = [];
  const end = async (step: DrainStep) => ends.unshift(step);
  try {
    await checkPort(port, "--port");
    const lock = lockFolder(dataDir);
    end(["unlocking the data folder", async () => lock.release()]);
    const aws = await startAws({ dataDir });
    end(["closing table, bucket and queues", aws.close]);
    const ports = createPorts(aws.adaptersEnv, aws.clients);
    const guard = await guardOf(options, log);
    // Before the table: it answers the tee to the last.
    if (guard !== undefined) end(["ending the guard", guard.stop]);
    const wanted = parseShadowed({ ...options, calls: guard && callsOf(guard, options) });
    const overlay = await register(wanted, { ports, who, now: Date.now, newId });

    const dashboard = readDashboard();
    const answer = apiOf(ports, settings, log);
    const api = await startApiServer((request) => dashboard.answer(request) ?? answer(request), apiPort);
    end(["closing the API", api.close]);
    const lambdaHost = await supervise({
      name: "the Lambda host",
      module: new URL("./lambda-host.ts", import.meta.url),
      env: () => ({ ...inherited(), ...aws.env, VERDICT_SETTINGS: JSON.stringify(settings) }),
      readyWithinMs: startWithinMs,
      stopWithinMs: hostStopsWithinMs,
      log,
    });
    end(["ending the Lambda host", lambdaHost.stop]);
    end(["the last judgement", () => judgeLast(ports, overlay.id, settings)]);
    end(["emptying the queues", () => emptyQueues(aws, log)]);
    const tee = await supervise({
      name: "the tee",
      module: new URL("../proxy/main.ts", import.meta.url),
      flags: NODE_FLAGS,
      env: (last) => ({
        // Nobody takes over from this tee: callers that say nothing need not be waited for.
        DRAIN_IDLE_MS: "0",
        ...MALLOC_ENV,
        ...inherited(),
        ...aws.env,
        PRIMARY_URL: wanted.primary,
        HOST: host,
        PORT: String(last?.type === "listening" ? last.port : port),
        BASELINE_ID: overlay.baseline,
        SERVICE,
        TEE_ID: wanted.name.replaceAll("-", "").slice(0, 32),
      }),
      readyWithinMs: startWithinMs,
      stopWithinMs: teeStopsWithinMs,
      log,
    });
    end(["ending the tee", tee.stop]);

    if (dashboard.note !== undefined) log(dashboard.note);
    for (const line of await unreachable(wanted)) log(line);
    const teePort = tee.ready.type === "listening" ? tee.ready.port : port;
    let draining: Promise<void> | undefined;
    return {
      teeUrl: `http://${host}:${teePort}`,
      apiUrl: api.url,
      cloudUrl: aws.cloudUrl,
      teePort,
      apiPort: Number(new URL(api.url).port),
      ports,
      overlay,
      guard: guard?.ports,
      pids: () => ({ tee: tee.pid(), lambdaHost: lambdaHost.pid() }),
      drain: () => (draining ??= runSteps(ends)),
    };
  } catch (fault) {
    await runSteps(ends).catch(({ message }) => log(message));
    throw fault;
  }
};

const guardOf = async (
  { collaborators, callsKey: key = "trace" }: LocalOptions,
  log: (line: string) => void,
): Promise<LocalGuard | undefined> =>
  collaborators === undefined
    ? undefined
    : startGuard({ collaborators, key, env: inherited(), readyWithinMs: startWithinMs, log });

/** Only where the baseline's calls are heard as well there is something to compare. */
const callsOf = ({ ports, callsUrl }: LocalGuard, { callsKey: key = "trace" }: LocalOptions) =>
  Object.keys(ports.observers).length === 0 ? undefined : { guards: [callsUrl], key };

const apiOf = (ports: Ports, settings: VerdictSettings, log: (line: string) => void) => {
  const onFault = (fault: unknown) =>
    log(`the API: ${fault instanceof Error ? (fault.stack ?? fault.message) : fault}`);
  return createApi({
    ports,
    bypass: NO_LOAD_BALANCER,
    resender: { signsAsTees: true, send: (task) => resend(task, process.env.SHADOWGRAPH_MARK_KEY) },
    now: Date.now,
    newId,
    settings,
    allowSecurityGroups: [],
    who: () => who,
    readJudgement,
    onFault,
  }).fetch;
};

/** Nothing that the user's own AWS settings say may reach the emulators, nor the other way round. */
const inherited = (): Record<string, string | undefined> =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("AWS_")));

const emptyQueues = async ({ clients, adaptersEnv, deadLetterQueueUrl }: LocalAws, log: (line: string) => void) => {
  const left =
    (await untilEmpty(clients.sqs, adaptersEnv.SEGMENT_QUEUE_URL, queuesEmptyWithinMs)) +
    (await untilEmpty(clients.sqs, adaptersEnv.JUDGE_QUEUE_URL, queuesEmptyWithinMs));
  const dead = await messagesIn(clients.sqs, deadLetterQueueUrl);
  if (left > 0) log(`${left} messages were still in the queues after ${queuesEmptyWithinMs / 1_000} s and are dropped`);
  if (dead > 0) log(`${dead} messages could not be worked on and are dropped from the dead-letter queue`);
};

/** As the overlay is now: it may have changed or gone since the start. */
const judgeLast = async (ports: Ports, id: string, settings: VerdictSettings): Promise<void> => {
  const overlay = (await ports.catalog.overlays()).find((each) => each.id === id);
  if (overlay !== undefined) await judgeRun(ports, overlay, settings, Date.now());
};
