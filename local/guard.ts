import { type CallKey, callKeyWord } from "../core/sampling/call-id.ts";
import type { Collaborators } from "../core/sampling/collaborators.ts";
import type { GuardPorts } from "../guard/guard.ts";
import { type Supervised, supervise } from "./supervise.ts";

export interface LocalGuard {
  readonly ports: GuardPorts;
  /** Where the tee asks what was called. */
  readonly callsUrl: string;
  readonly stop: Supervised["stop"];
}

export interface GuardOptions {
  readonly collaborators: Collaborators;
  readonly key: CallKey;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readyWithinMs: number;
  readonly log: (line: string) => void;
}

const stopsWithinMs = 15_000;

/** A guard in a process of its own; one that is started again stands at the same ports. */
export const startGuard = async ({
  collaborators,
  key,
  env,
  readyWithinMs,
  log,
}: GuardOptions): Promise<LocalGuard> => {
  const { ready, stop } = await supervise({
    name: "the guard",
    module: new URL("../guard/main.ts", import.meta.url),
    env: (last) => {
      const ports = last?.type === "guarding" ? last.ports : undefined;
      return {
        ...env,
        COLLABORATORS: JSON.stringify(at(collaborators, ports)),
        CALLS_PORT: String(ports?.calls ?? 0),
        CALLS_KEY: callKeyWord(key),
      };
    },
    readyWithinMs,
    stopWithinMs: stopsWithinMs,
    log,
  });
  if (ready.type !== "guarding") throw new Error(`a guard said that it is ${ready.type}`);
  return { ports: ready.ports, callsUrl: `http://127.0.0.1:${ready.ports.calls}`, stop };
};

/** Each at its own port: any free one where none is given. */
const at = (collaborators: Collaborators, ports: GuardPorts | undefined): Collaborators =>
  Object.fromEntries(
    Object.entries(collaborators).map(([name, its]) => {
      const observe = ports?.observers[name] ?? its.observe;
      const port = ports?.doors[name] ?? its.port ?? 0;
      return [name, { ...its, port, ...(observe === undefined ? {} : { observe }) }];
    }),
  );
