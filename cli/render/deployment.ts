import type { OverlayShape, ReleaseShape } from "../../lambdas/api/shapes.ts";
import type { DeploymentShape } from "../../lambdas/api/shapes-deployment.ts";
import { overlayText } from "./environment.ts";
import type { Paint } from "./paint.ts";
import { facts, table } from "./table.ts";
import { time, visible } from "./text.ts";

type Part = DeploymentShape["parts"][number];

/** What each phase does, in words. */
const DOING: Readonly<Record<Part["phase"], string>> = {
  registry: "name in Cloud Map",
  taskDefinition: "task definition",
  service: "ECS service",
  steady: "starting",
  ready: "ready",
  halt: "failed, stopping",
  failed: "failed",
  scaleDown: "stopping",
  drain: "stopping",
  deleteService: "deleting ECS service",
  taskDefinitions: "deleting task definitions",
  deleteRegistry: "deleting name in Cloud Map",
  gone: "gone",
};

const tasksOf = ({ progress }: Part): string => (progress === null ? "" : `${progress.running}/${progress.desired}`);

/** An overlay beside what runs of it. */
export const deployedText = (overlay: OverlayShape, paint: Paint): string => {
  const { deployment } = overlay;
  if (deployment === null) return overlayText(overlay, paint);
  const { state, reason, expiresAt, taskRole, parts } = deployment;
  const head = facts(
    [
      ["state", state],
      ["shut down", state === "expired" ? `since ${time(expiresAt)}` : `at ${time(expiresAt)}`],
      ...(taskRole === null
        ? []
        : [["runs under", taskRole === "baseline" ? "the baseline's task role" : taskRole] as const]),
      ...(reason === null ? [] : [["reason", reason] as const]),
    ],
    paint,
  );
  const titles = ["service", "lane", "state", "tasks", "image"].map((title) => ({ title }));
  const columns = [...titles, { title: "url", maxWidth: 120 }];
  const rows = parts.map((part) => [
    part.service,
    part.lane,
    DOING[part.phase],
    tasksOf(part),
    part.image ?? "the baseline's",
    part.url ?? "",
  ]);
  const services = rows.length === 0 ? "" : `\n${table(columns, rows, paint)}`;
  return `${overlayText(overlay, paint)}${head}${services}`;
};

/** One line: what each part does, and what ECS said last of the one that takes longest. */
export const deploymentLine = ({ state, parts }: DeploymentShape): string => {
  const busy = parts.find(({ phase }) => phase !== "ready" && phase !== "gone");
  const said = busy?.note ?? busy?.progress?.stopped[0] ?? busy?.progress?.events[0];
  const each = parts.map((part) => `${part.service} ${part.lane} ${DOING[part.phase]} ${tasksOf(part)}`.trim());
  return visible(`${state}: ${each.join(", ")}${said === undefined ? "" : ` | ${said}`}`);
};

const OUTCOME_WORDS: Readonly<Record<ReleaseShape["outcome"], string>> = {
  releasing: "releasing",
  released: "released",
  rolledBack: "rolled back",
  failed: "failed",
};

export const releaseText = (release: ReleaseShape, paint: Paint): string => {
  const { evidence, services, outcome, because } = release;
  const head = facts(
    [
      ["release", `${release.id} of ${release.name}, version ${release.version}`],
      ["outcome", OUTCOME_WORDS[outcome]],
      ["by", `${release.who}, ${time(release.at)}`],
      ["verdict", `${evidence.verdict} of run ${evidence.run.id}, ${evidence.pairs} pairs: ${evidence.reason}`],
      ...(because === null ? [] : [["forced", because] as const]),
    ],
    paint,
  );
  const columns = ["service", "state", "strategy", "image", "ECS"].map((title) => ({ title }));
  const rows = services.map(({ service, phase, strategy, image, status }) => [
    service,
    phase,
    strategy,
    image ?? "",
    status ?? "",
  ]);
  const reasons = services.flatMap(({ service, reason }) =>
    reason === null ? [] : [`${visible(`${service}: ${reason}`)}\n`],
  );
  return `${head}\n${table(columns, rows, paint)}${reasons.join("")}`;
};

export const releaseLine = ({ outcome, services }: ReleaseShape): string => {
  const each = services.map(({ service, phase, status, note }) =>
    [service, phase, status ?? "", note ?? ""].filter((text) => text !== "").join(" "),
  );
  return visible(`${OUTCOME_WORDS[outcome]}: ${each.join(", ")}`);
};
