import type { Collaborators } from "../sampling/collaborators.ts";

/** What a guard beside the services of an overlay is made of. */
export interface GuardPlace {
  /** By processor, as task definitions name it. */
  readonly images: Readonly<Record<"ARM64" | "X86_64", string>>;
  readonly log: { readonly group: string; readonly region: string };
}

export const GUARD_NAME = "shadowgraph-guard";
const ADMIN_PORT = 19_099;
/** Above the ports that services take; each collaborator has one, on loopback alone. */
const FIRST_PORT = 19_100;
/** Of a container where the task has no size of its own; the guard holds some 80 MB. */
const MEMORY_MIB = 192;
const STOP_SECONDS = 30;

export interface GuardedTask {
  readonly family: string;
  /** Of the task definition; X86_64 where it does not say. */
  readonly processor: string | undefined;
  /** The task, not its containers, has a size. */
  readonly isTaskSized: boolean;
  /** That its containers listen at. */
  readonly takenPorts: readonly number[];
}

export interface GuardContainer {
  readonly container: Readonly<Record<string, unknown>>;
  /** Of the guarded service: the address of each collaborator. */
  readonly environment: Readonly<Record<string, string>>;
}

/** The side car that stands between a service and its collaborators: no root, no rights, no port that is reached from outside. */
export const guardContainer = (
  collaborators: Collaborators,
  { images, log }: GuardPlace,
  { family, processor, isTaskSized, takenPorts }: GuardedTask,
): GuardContainer => {
  const taken = new Set([...takenPorts, ADMIN_PORT]);
  let next = FIRST_PORT;
  const freePort = (): number => {
    while (taken.has(next)) next++;
    taken.add(next);
    return next;
  };
  const placed = Object.entries(collaborators).map(([name, { env, ...its }]) => ({
    name,
    env,
    its: { ...its, port: freePort() },
  }));
  const environment = {
    COLLABORATORS: JSON.stringify(Object.fromEntries(placed.map(({ name, its }) => [name, its]))),
    HOST: "127.0.0.1",
    ADMIN_PORT: String(ADMIN_PORT),
  };
  return {
    container: {
      name: GUARD_NAME,
      image: processor === "ARM64" ? images.ARM64 : images.X86_64,
      command: ["guard.mjs"],
      essential: true,
      user: "1000:1000",
      readonlyRootFilesystem: true,
      environment: Object.entries(environment).map(([name, value]) => ({ name, value })),
      healthCheck: {
        command: ["CMD", "node", "-e", HEALTHY],
        interval: 10,
        timeout: 5,
        retries: 3,
        startPeriod: 10,
      },
      stopTimeout: STOP_SECONDS,
      ...(isTaskSized ? {} : { memory: MEMORY_MIB }),
      logConfiguration: {
        logDriver: "awslogs",
        options: {
          "awslogs-group": log.group,
          "awslogs-region": log.region,
          "awslogs-stream-prefix": family,
          mode: "non-blocking",
          "max-buffer-size": "1m",
        },
      },
    },
    environment: Object.fromEntries(
      placed.flatMap(({ env, its: { port } }) => (env === undefined ? [] : [[env, `http://127.0.0.1:${port}`]])),
    ),
  };
};

const HEALTHY =
  "fetch('http://127.0.0.1:PORT/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))".replace(
    "PORT",
    String(ADMIN_PORT),
  );
