import * as z from "zod";
import { ShadowgraphError } from "../../core/errors.ts";
import { type Evidence, outcomeOf, type Release, refusalOf, releaseParts } from "../../core/release/release.ts";
import { audited } from "./audit.ts";
import { overlayOf } from "./environments.ts";
import { type Reading, read } from "./reading.ts";
import { ById, NOTHING, type Route, route } from "./route.ts";
import { ReleaseShape } from "./shapes.ts";
import { releaseView } from "./views.ts";

export const releaseRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/overlays/{id}/release",
    summary: "Release an overlay that is SAFE: the baseline's services take its images",
    params: ById,
    query: NOTHING,
    body: z.strictObject({
      /** Although it is not SAFE, or the baseline is another than was compared; `because` says why. */
      force: z.boolean().default(false),
      because: z.string().min(1).max(1_000).optional(),
    }),
    status: 202,
    answer: ReleaseShape,
    errors: ["not-found", "conflict", "not-allowed"],
    handle: async ({ params: { id }, body }, call) => {
      if (body.force && body.because === undefined) throw unexplained();
      const reading = await read(id, call);
      const { overlay, baseline } = reading;
      const { name, version } = overlay.file;
      const { deployQueue, deployments, releases } = call.ports;
      const evidence = evidenceOf(reading);
      const now = call.now();
      const [deployment, before] = await Promise.all([deployments.of(overlay.id), releases.latest(overlay.id)]);
      const parts = releaseParts({ overlay, baseline, deployment, before }, now);
      if (parts.length === 0 || deployQueue === undefined) throw notOurs(name);
      const refusal = refusalOf(name, evidence);
      if (refusal !== undefined && !body.force) throw new ShadowgraphError("not-allowed", refusal);
      if (before !== undefined && outcomeOf(before) === "releasing")
        throw new ShadowgraphError("conflict", `overlay "${name}" is being released already, as ${before.id}`);
      const release: Release = {
        id: call.newId("release"),
        env: overlay.id,
        name,
        baseline: baseline.id,
        version,
        who: call.who,
        at: now,
        evidence,
        because: body.force ? (body.because ?? null) : null,
        parts,
        step: 1,
        changedAt: now,
      };
      await audited(call, async (note) => {
        await note(
          overlay.id,
          "overlay.release",
          before === undefined ? null : releaseView(before),
          releaseView(release),
        );
        await releases.put(release);
      });
      // The schedule sees what lost its message: what is noted is done.
      await deployQueue.ask({ release: overlay.id }).catch((fault) => call.onFault?.(fault));
      return releaseView(release);
    },
  }),
  route({
    method: "GET",
    path: "/overlays/{id}/release",
    summary: "Show the latest release of an overlay, of a deleted one by its id: evidence, progress, outcome",
    params: ById,
    query: NOTHING,
    body: null,
    status: 200,
    answer: ReleaseShape,
    errors: ["not-found"],
    handle: async ({ params: { id } }, call) => {
      const { catalog, releases } = call.ports;
      const release = (await releases.latest(id)) ?? (await releases.latest((await overlayOf(catalog, id)).overlay.id));
      if (release !== undefined) return releaseView(release);
      throw new ShadowgraphError(
        "not-found",
        `overlay "${id}" was never released: \`shadowgraph overlay release ${id}\``,
      );
    },
  }),
];

const unexplained = () =>
  new ShadowgraphError("invalid-input", "a release by force needs a reason", {
    faults: [{ field: "because", message: "must say why it is released although it is not SAFE; got nothing" }],
  });

const notOurs = (name: string) =>
  new ShadowgraphError(
    "not-allowed",
    `overlay "${name}" has nothing to release from here: only a service that overlay.yaml gives an image, and whose baseline says where it runs (ecs), is released; put others into production as you always do`,
  );

const evidenceOf = ({ overlay, judgement: { verdict } }: Reading): Evidence => ({
  run: overlay.run,
  verdict: verdict.verdict,
  reason: verdict.reason,
  pairs: verdict.pairs,
  needed: verdict.needed,
  attempts: verdict.attempts,
  tolerance: verdict.tolerance,
});
