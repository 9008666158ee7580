import type { Failure } from "./deployment.ts";

const WITHOUT =
  "with SHADOW_MODE=true, and without the data stores that allowSecurityGroups and the rights that `overlays.taskRole` do not open";

/** What ECS says, and what to do about it; the first that fits counts. */
const KNOWN: readonly (readonly [said: RegExp, next: string])[] = [
  [
    /CannotPull|pull image|manifest|image.*not found/i,
    "check that the image and its tag exist, for the architecture of the task (ARM64 or X86_64), and that the execution role and the subnets reach the registry",
  ],
  [
    /\bEFS\b/,
    "an EFS volume of the baseline is mounted only where a group of allowSecurityGroups opens the way to it and, with IAM authorization, `overlays.taskRole` has the right",
  ],
  [
    /ResourceInitializationError|secret|parameter store/i,
    "check that the execution role may read the secrets, and that the overlay subnets reach Secrets Manager, SSM, ECR and CloudWatch Logs",
  ],
  [
    /capacity|no container instance|RESOURCE:|unable to place/i,
    "try again later, add subnets of other zones or a capacity provider, or ask for less cpu and memoryMiB",
  ],
  [
    /unable to assume the role|Role is not valid/i,
    "check that the role exists and trusts ecs-tasks.amazonaws.com: `overlays.taskRole` in shadowgraph.config.yaml, or the baseline's execution role",
  ],
  [/OutOfMemory|exit code 137|code: 137/i, "give the service more memoryMiB"],
  [/health check/i, `see the container's own log; it must answer its health check ${WITHOUT}`],
  [
    /Essential container|exited|exit code|TaskFailedToStart|circuit breaker/i,
    `see the container's own log; it must start ${WITHOUT}`,
  ],
  [
    /AccessDenied|not authorized|PassRole/i,
    "give the role of the deploy function what docs/overlays.md lists, PassRole of the task's roles included: `executionRoleArns`, `taskRoleArns` and `taskRole` in shadowgraph.config.yaml",
  ],
  [/MISSING|not found|inactive/i, "check cluster and service under `ecs` in baseline.yaml"],
  [/quota|limit exceeded|LimitExceeded/i, "have the quota raised, or delete overlays that are not needed"],
];

const AGAIN = "then `shadowgraph overlay create --replace`";

/** A failure in the words of AWS, with what to do next. */
export const failureOf = (reason: string, next?: string): Failure => {
  const known = next ?? KNOWN.find(([said]) => said.test(reason))?.[1] ?? "see the events of the service in ECS";
  return { reason, next: `${known}; ${AGAIN}` };
};
