import type { Part } from "../core/deploy/deployment.ts";

const PREFIX = "shadowgraph:";

/** On the task definition of an overlay: that of the baseline which it was made of. */
export const MADE_OF_TAG = `${PREFIX}made-of`;

/** On everything that is made for an overlay: policies are bound to them, and what was lost is found by them. */
export const tagsOf = (
  { name, label, service, lane, source }: Part,
  env: string,
): Readonly<Record<string, string>> => ({
  [`${PREFIX}overlay`]: env,
  [`${PREFIX}name`]: name,
  [`${PREFIX}label`]: label,
  [`${PREFIX}service`]: service,
  [`${PREFIX}lane`]: lane,
  [`${PREFIX}cluster`]: source.cluster,
});

/** What the tags say of something whose deployment is not known any more: enough to remove it. Undefined where they are not ours. */
export const partOfTags = (
  tags: Readonly<Record<string, string>>,
  now: number,
): { readonly env: string; readonly part: Part } | undefined => {
  const [env, name, label, service, lane, cluster] = ["overlay", "name", "label", "service", "lane", "cluster"].map(
    (tag) => tags[`${PREFIX}${tag}`],
  );
  if (!env || !name || !label || !service || !cluster || (lane !== "candidate" && lane !== "secondary"))
    return undefined;
  const release = { strategy: "rolling" as const, percent: 100, bakeMinutes: 0, alarms: [] };
  const source = { cluster, service, port: 1, release };
  const part: Part = {
    name,
    label,
    service,
    lane,
    source,
    change: {},
    desiredCount: 1,
    allowSecurityGroups: [],
    peers: {},
    phase: "scaleDown",
    since: now,
  };
  return { env, part };
};
