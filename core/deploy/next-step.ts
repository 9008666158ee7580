import { type Call, callFor } from "./advance.ts";
import { type Deployment, isGone, isRemoved, type Part, stateOf } from "./deployment.ts";

/** What comes next for a deployment. */
export type Step =
  | { readonly do: "call"; readonly call: Call; readonly part: Part }
  /** The overlay gets the addresses: it may be mirrored to. */
  | { readonly do: "publish" }
  /** The overlay loses them and is switched off where it is shut down: before the first task ends. */
  | { readonly do: "withdraw" }
  /** Overlay and deployment are forgotten. */
  | { readonly do: "forget" }
  | { readonly do: "wait" }
  | { readonly do: "nothing" };

/** @param waiting names of parts that gain nothing from another call now */
export const nextStep = (deployment: Deployment, waiting: ReadonlySet<string>): Step => {
  const { goal, parts, published } = deployment;
  const wanted = parts.filter((part) => !isRemoved(part));
  const isReady = goal === "running" && wanted.length > 0 && wanted.every(({ phase }) => phase === "ready");
  const isCurrent = isReady && parts.every((part) => isGone(part) || !isRemoved(part));
  if (published && !isReady) return { do: "withdraw" };
  if (isReady && !published) return { do: "publish" };
  if (isCurrent) return { do: "nothing" };
  for (const part of parts) {
    const call = callFor(part);
    if (call !== undefined && !waiting.has(part.name)) return { do: "call", call, part };
  }
  if (parts.some((part) => callFor(part) !== undefined)) return { do: "wait" };
  if (goal === "deleted") return { do: "forget" };
  return { do: "nothing" };
};

/** The deployment after a part changed. Nothing is mirrored to an overlay of which a part failed: the others cost nothing either. */
export const withPart = (deployment: Deployment, part: Part): Deployment => {
  const hasFailed = deployment.goal === "running" && part.phase === "halt";
  const parts = deployment.parts.map((one): Part => {
    if (one.name === part.name) return part;
    return hasFailed && !isRemoved(one) && !isHalted(one) ? { ...one, phase: "halt", since: part.since } : one;
  });
  return { ...deployment, parts };
};

const isHalted = ({ phase }: Part): boolean => phase === "halt" || phase === "failed";

/** What is said of the deployment as a whole: the first failure, or what it waits for. */
export const reasonOf = (deployment: Deployment): string | null => {
  const failed = deployment.parts.find(({ failure, phase }) => failure !== undefined && phase !== "gone");
  if (stateOf(deployment) === "failed" && failed?.failure !== undefined)
    return `${failed.service} (${failed.lane}): ${failed.failure.reason}. Next: ${failed.failure.next}`;
  return deployment.parts.find(({ note }) => note !== undefined)?.note ?? null;
};
