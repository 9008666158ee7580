import type { Baseline } from "../../core/sampling/environment.ts";
import type { OverlayRedaction } from "../../core/sampling/redaction.ts";
import type {
  EnvironmentRow,
  EnvironmentShape,
  OverlayEnvironment,
  OverlayShape,
  ShadowShape,
} from "../../lambdas/api/shapes.ts";
import { COLOUR_OF, type Paint } from "./paint.ts";
import { facts, table } from "./table.ts";
import { number, plural, time, visible } from "./text.ts";
import { deniedFacts, writesFacts } from "./writes.ts";

export const baselineText = ({ id, createdAt, file, schemas = {} }: Baseline, paint: Paint): string =>
  facts(
    [
      ["baseline", file.name],
      ["id", id],
      ["version", file.version],
      ["created", time(createdAt)],
      ...Object.entries(file.services).map(([service, { url, routes }]) => {
        const counted = [
          ...(routes === undefined ? [] : [plural(routes.length, "route")]),
          ...(schemas[service] === undefined ? [] : [`${plural(schemas[service], "answer")} with a schema`]),
        ];
        return [`service ${service}`, [url, ...counted].join(", ")] as const;
      }),
      ...redactionFacts(file.redact),
    ],
    paint,
  );

const REDACTED_BY = [
  ["headers", "header"],
  ["names", "name"],
  ["parameters", "parameter"],
  ["json", "JSON place"],
  ["paths", "path"],
  ["patterns", "pattern"],
] as const;

const redactionFacts = (redact: (OverlayRedaction & { readonly keep?: readonly string[] }) | undefined) => {
  if (redact === undefined) return [];
  const declared = REDACTED_BY.filter(([field]) => redact[field].length > 0).map(([field, noun]) =>
    plural(redact[field].length, noun),
  );
  const more = [...declared, ...(redact.emails ? ["addresses of mail"] : [])];
  const kept = redact.keep ?? [];
  return [
    ["redacted", ["defaults", ...more].join(", ")] as const,
    ...(kept.length === 0 ? [] : [["kept", visible(kept.join(", "))] as const]),
  ];
};

export const overlayText = ({ id, baseline, file, shadow, run, writes }: OverlayShape, paint: Paint): string =>
  facts(
    [
      ["overlay", file.name],
      ["id", id],
      ["baseline", baseline],
      ["version", file.version],
      ["mirrored", shadow.enabled ? `${file.sampling.percent} %` : "off"],
      ["run", `${run.id}, attempt ${run.attempt}, since ${time(run.startedAt)}`],
      ["side effects", file.sideEffects],
      ...redactionFacts(file.redact),
      ...writesFacts(writes),
      ...Object.entries(file.services).map(
        ([service, { url, image }]) => [`service ${service}`, url ?? `image ${image}`] as const,
      ),
    ],
    paint,
  );

export const shadowText = ({ env, enabled, percent, run, writes }: ShadowShape, paint: Paint): string =>
  facts(
    [
      ["environment", env],
      ["mirrored", enabled ? `${percent} %` : "off"],
      ["run", `${run.id}, attempt ${run.attempt}, since ${time(run.startedAt)}`],
      ["versions", `${run.candidateVersion} against ${run.baselineVersion}`],
      ...writesFacts(writes),
    ],
    paint,
  );

export const environmentsText = (rows: readonly EnvironmentRow[], paint: Paint): string => {
  if (rows.length === 0) return "no environments: `shadowgraph baseline create` or `shadowgraph up` makes one\n";
  const columns = ["name", "kind", "version", "mirrored", "attempt", "verdict", "id"].map((title) => ({ title }));
  const cells = rows.map((row) => {
    const { name, kind, version, id } = row;
    if (row.kind === "baseline") return [name, kind, version, "", "", "", id];
    const verdict = row.verdict === null ? "" : { text: row.verdict, colour: COLOUR_OF[row.verdict] };
    return [name, kind, version, row.enabled ? "on" : "off", String(row.attempts), verdict, id];
  });
  return table(columns, cells, paint);
};

export const environmentText = (environment: EnvironmentShape, paint: Paint): string => {
  if (environment.kind === "overlay") return overlayEnvironmentText(environment, paint);
  const overlays = environment.overlays.map(({ name, id }) => `${name} (${id})`).join(", ") || "none";
  return baselineText(environment, paint) + facts([["overlays", overlays]], paint);
};

const overlayEnvironmentText = (environment: OverlayEnvironment, paint: Paint): string => {
  const { name, id, baseline, shadow, run, file, lanes, outcomes, gaps, writes, deniedWrites } = environment;
  const { sampled, ...ended } = outcomes;
  const lost = gaps.map(({ tee, epoch, pairs, reason, isLowerBound }) =>
    visible(`  tee ${tee} (${epoch}): ${isLowerBound ? "at least " : ""}${plural(pairs, "pair")}: ${reason}`),
  );
  const head = facts(
    [
      ["overlay", name],
      ["id", id],
      ["baseline", `${baseline.name} ${baseline.version} (${baseline.id})`],
      ["version", file.version],
      ["mirrored", shadow.enabled ? `${shadow.percent} %` : "off"],
      ["run", `${run.id}, attempt ${run.attempt}, since ${time(run.startedAt)}`],
      ...writesFacts(writes),
      ...deniedFacts(deniedWrites),
    ],
    paint,
  );
  const laneRows = lanes.map(({ service, primary, candidate, secondary }) => [
    service,
    primary.url,
    candidate.url,
    secondary.url === null ? "none" : `${secondary.url} (${secondary.control})`,
  ]);
  const columns = ["service", "primary", "candidate", "secondary"].map((title) => ({ title }));
  const counts = Object.entries(ended).filter(([what, count]) => count > 0 || what === "compared" || what === "gap");
  const outcomeRows = [["sampled", sampled] as const, ...counts].map(([what, count]) => [what, number(count)]);
  const outcomeColumns = [{ title: "outcome" }, { title: "requests", align: "right" as const }];
  return [
    head,
    table(columns, laneRows, paint),
    table(outcomeColumns, outcomeRows, paint) + lost.map((line) => `${line}\n`).join(""),
    ...driftText(environment, paint),
  ].join("\n");
};

/** Nothing where no reads are declared. */
const driftText = ({ drift }: OverlayEnvironment, paint: Paint): string[] => {
  if (drift === undefined) return [];
  if (drift.length === 0) return ["declared reads: no look yet\n"];
  const columns = [
    { title: "declared read" },
    { title: "looks", align: "right" as const },
    { title: "agreed", align: "right" as const },
    { title: "now" },
  ];
  const rows = drift.map(({ read, looks, agreed, failed, lastFailure, since, place }) => {
    const differs = since === null ? "" : `differs at ${place} since ${time(since)}`;
    const mute = failed === 0 ? "" : `${plural(failed, "look")} failed: ${lastFailure}`;
    return [read, number(looks), number(agreed), [differs, mute].filter((part) => part !== "").join("; ")];
  });
  return [table(columns, rows, paint)];
};
