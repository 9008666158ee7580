import type { Part, Phase, Progress } from "./deployment.ts";
import { failureOf } from "./reasons.ts";

/** What the executor can be asked to do; each can be done twice. */
export type Call =
  | "createRegistry"
  | "registerTaskDefinition"
  | "createService"
  | "look"
  | "scaleToZero"
  | "deleteService"
  | "dropTaskDefinitions"
  | "deleteRegistry";

/** An ECS service as it was seen. */
export interface Sight extends Progress {
  readonly status: "ACTIVE" | "DRAINING" | "INACTIVE" | "MISSING";
  readonly pending: number;
  readonly failedTasks: number;
  readonly rollout: "COMPLETED" | "FAILED" | "IN_PROGRESS" | undefined;
  readonly rolloutReason: string | undefined;
}

/** What came of a call. */
export type Seen =
  | { readonly saw: "registry"; readonly id: string; readonly arn: string }
  | { readonly saw: "taskDefinition"; readonly arn: string; readonly madeOf?: string }
  | { readonly saw: "service"; readonly sight: Sight }
  | { readonly saw: "done" }
  /** Not at present: throttled, a fault of AWS, instances that are still there. */
  | { readonly saw: "busy"; readonly because: string }
  /** Not this way: no waiting will help. */
  | { readonly saw: "refused"; readonly reason: string; readonly next?: string };

/** Undefined: there is nothing to do for it. */
const CALLS: Readonly<Record<Phase, Call | undefined>> = {
  registry: "createRegistry",
  taskDefinition: "registerTaskDefinition",
  service: "createService",
  steady: "look",
  ready: undefined,
  halt: "scaleToZero",
  failed: undefined,
  scaleDown: "scaleToZero",
  drain: "look",
  deleteService: "deleteService",
  taskDefinitions: "dropTaskDefinitions",
  deleteRegistry: "deleteRegistry",
  gone: undefined,
};

export const callFor = ({ phase }: Part): Call | undefined => CALLS[phase];

/** From the first task on; images are pulled and capacity is found within it, or not at all. */
const STEADY_WITHIN_MS = 15 * 60_000;
/** ECS shows what was just made a little later. */
const SHOWN_WITHIN_MS = 60_000;
/** ECS itself gives up after three, at the least. */
const MAX_FAILED_TASKS = 3;
/** Tasks that do not end by themselves: the service is deleted by force. */
const DRAINED_WITHIN_MS = 5 * 60_000;

const WITH_ANOTHER = "scaled to zero, since another part of the overlay failed";

export interface Advanced {
  readonly part: Part;
  /** Nothing is gained by going on at once. */
  readonly waits: boolean;
}

/** The part after a call. */
export const advance = (part: Part, seen: Seen, now: number): Advanced => {
  const { note: _note, ...rest } = part;
  const go = (phase: Phase, more: Partial<Part> = {}): Advanced => ({
    part: { ...rest, ...more, phase, since: now },
    waits: false,
  });
  const stay = (more: Partial<Part> = {}): Advanced => ({ part: { ...rest, ...more }, waits: true });
  const fail = (reason: string, next?: string, more: Partial<Part> = {}): Advanced =>
    go("halt", { ...more, failure: failureOf(reason, next) });

  if (seen.saw === "busy") return stay({ note: seen.because });
  const { phase } = part;
  if (seen.saw === "refused") {
    if (phase === "registry" || phase === "taskDefinition" || phase === "service" || phase === "steady")
      return fail(seen.reason, seen.next);
    return stay({ note: seen.reason });
  }
  switch (phase) {
    case "registry":
      return seen.saw === "registry" ? go("taskDefinition", { registry: { id: seen.id, arn: seen.arn } }) : stay();
    case "taskDefinition":
      if (seen.saw !== "taskDefinition") return stay();
      return go("service", {
        taskDefinition: seen.arn,
        ...(seen.madeOf === undefined ? {} : { madeOf: seen.madeOf }),
      });
    case "service":
      return go("steady");
    case "steady":
      return seen.saw === "service" ? steady(part, seen.sight, now, { go, stay, fail }) : stay();
    case "halt":
      return go("failed", part.failure === undefined ? { note: WITH_ANOTHER } : {});
    case "scaleDown":
      return go("drain");
    case "drain": {
      if (seen.saw !== "service") return stay();
      const { status, running, pending } = seen.sight;
      const isEmpty = status === "MISSING" || status === "INACTIVE" || running + pending === 0;
      const isLate = now - part.since >= DRAINED_WITHIN_MS;
      return isEmpty || isLate ? go("deleteService") : stay({ progress: progressOf(seen.sight) });
    }
    case "deleteService":
      return go("taskDefinitions");
    case "taskDefinitions":
      return go("deleteRegistry");
    case "deleteRegistry":
      return go("gone");
    case "ready":
    case "failed":
    case "gone":
      return stay();
    default:
      return phase satisfies never;
  }
};

interface Ways {
  go(phase: Phase, more?: Partial<Part>): Advanced;
  stay(more?: Partial<Part>): Advanced;
  fail(reason: string, next?: string, more?: Partial<Part>): Advanced;
}

const steady = (part: Part, sight: Sight, now: number, { go, stay, fail }: Ways): Advanced => {
  const { status, running, desired, pending, rollout, failedTasks, stopped, events } = sight;
  const progress = progressOf(sight);
  const age = now - part.since;
  if (status !== "ACTIVE") {
    if (status === "MISSING" && age < SHOWN_WITHIN_MS) return stay();
    return fail(`the ECS service ${part.name} is ${status}: somebody else deleted it`, "see who did");
  }
  if (rollout === "COMPLETED" && running >= desired && desired > 0 && pending === 0) return go("ready", { progress });
  const why = stopped[0] ?? sight.rolloutReason ?? events[0] ?? "ECS gives no reason";
  if (rollout === "FAILED") return fail(why, undefined, { progress });
  if (failedTasks >= MAX_FAILED_TASKS) return fail(`${failedTasks} tasks stopped: ${why}`, undefined, { progress });
  if (age < STEADY_WITHIN_MS) return stay({ progress });
  const minutes = STEADY_WITHIN_MS / 60_000;
  return fail(`not steady within ${minutes} minutes, ${running} of ${desired} tasks run: ${why}`, undefined, {
    progress,
  });
};

const progressOf = ({ running, desired, events, stopped }: Sight): Progress => ({ running, desired, events, stopped });

/** A part that was ready, as it is by now: its tasks may have ended since. */
export const withSight = (part: Part, sight: Sight): Part => {
  const { note: _note, ...rest } = part;
  const { running, stopped, events } = sight;
  const why = stopped[0] ?? events[0];
  const note = `only ${running} of ${part.desiredCount} tasks run${why === undefined ? "" : `: ${why}`}`;
  return { ...rest, progress: progressOf(sight), ...(running < part.desiredCount ? { note } : {}) };
};
