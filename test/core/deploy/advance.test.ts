import { advance, type Sight } from "../../../core/deploy/advance.ts";
import { Part } from "../../../core/deploy/deployment.ts";
import { EcsPlace } from "../../../core/sampling/ecs-place.ts";

const partIn = (phase: Part["phase"]): Part =>
  Part.parse({
    name: "shadowgraph-pr-7-web-candidate-1",
    label: "web-candidate-1",
    service: "web",
    lane: "candidate",
    source: EcsPlace.parse({ cluster: "shop", service: "web", port: 8080 }),
    change: { image: "web:2" },
    desiredCount: 1,
    allowSecurityGroups: [],
    phase,
    since: 0,
  });

const sight = (over: Partial<Sight>): Sight => ({
  status: "ACTIVE",
  running: 0,
  desired: 1,
  pending: 1,
  failedTasks: 0,
  rollout: "IN_PROGRESS",
  rolloutReason: undefined,
  events: [],
  stopped: [],
  ...over,
});

const SECOND_MS = 1_000;

test.each<[string, Part["phase"], Partial<Sight>, number, Part["phase"]]>([
  ["ECS does not show what was just made", "steady", { status: "MISSING" }, 59, "steady"],
  ["ECS still does not show it", "steady", { status: "MISSING" }, 60, "halt"],
  ["somebody deletes it", "steady", { status: "DRAINING" }, 1, "halt"],
  ["somebody deleted it", "steady", { status: "INACTIVE" }, 1, "halt"],
  ["all runs, but the deployment goes on", "steady", { running: 1, pending: 0 }, 60, "steady"],
  ["it is done, with a task to come", "steady", { running: 1, rollout: "COMPLETED" }, 60, "steady"],
  ["it is done", "steady", { running: 1, pending: 0, rollout: "COMPLETED" }, 60, "ready"],
  ["somebody scaled it to zero", "steady", { desired: 0, pending: 0, rollout: "COMPLETED" }, 60, "steady"],
  ["two tasks ended", "steady", { failedTasks: 2 }, 60, "steady"],
  ["three tasks ended", "steady", { failedTasks: 3 }, 60, "halt"],
  ["the circuit breaker opened", "steady", { rollout: "FAILED" }, 60, "halt"],
  ["nothing happens for a quarter of an hour", "steady", {}, 900, "halt"],
  ["tasks still run", "drain", { running: 1, pending: 0 }, 299, "drain"],
  ["tasks do not end", "drain", { running: 1, pending: 0 }, 300, "deleteService"],
  ["tasks ended", "drain", { pending: 0 }, 5, "deleteService"],
  ["it is not there", "drain", { status: "MISSING", running: 1 }, 5, "deleteService"],
])("where %s, what was in phase %s: %j after %d s is in phase %s", (_what, phase, over, seconds, next) => {
  const { part } = advance(partIn(phase), { saw: "service", sight: sight(over) }, seconds * SECOND_MS);
  expect(part.phase).toBe(next);
});

test.each(["scaleDown", "drain", "deleteService", "taskDefinitions", "deleteRegistry", "halt"] as const)(
  "a refusal in phase %s is said and tried again: what stands must go",
  (phase) => {
    const { part, waits } = advance(partIn(phase), { saw: "refused", reason: "AccessDenied" }, 1);
    expect([part.phase, part.note, waits]).toEqual([phase, "AccessDenied", true]);
  },
);
