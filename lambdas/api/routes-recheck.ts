import * as z from "zod";
import { ShadowgraphError } from "../../core/errors.ts";
import { noOutcomes } from "../../core/pair/outcome.ts";
import { leftOf, type Recheck } from "../../core/recheck/recheck.ts";
import { toldOf } from "../../core/recheck/state.ts";
import { repetitionsOf } from "../../core/recheck/tally.ts";
import { Name } from "../../core/sampling/environment.ts";
import { encodeSegment } from "../../core/segment/codec.ts";
import type { StoredPair } from "../../core/segment/segment.ts";
import type { Finding } from "../../core/verdict/verdict.ts";
import { audited } from "./audit.ts";
import type { Call } from "./deps.ts";
import { overlayOf } from "./environments.ts";
import { type Reading, read } from "./reading.ts";
import { planRecheck } from "./recheck-plan.ts";
import { stepRecheck } from "./recheck-step.ts";
import { askedLanes, resendLanesOf } from "./resend-lanes.ts";
import { readTerms } from "./resend-terms.ts";
import { ById, NOTHING, type Route, route } from "./route.ts";
import { FillShape, RecheckShape } from "./shapes-recheck.ts";

const MAX_FINDINGS = 500;

const Begin = z.strictObject({
  /** Ids; the confirmed findings where left out. */
  findings: z.array(z.string().min(1).max(200)).min(1).max(MAX_FINDINGS).optional(),
  /** Those that are not confirmed as well. */
  all: z.boolean().default(false),
  /** Which one is asked, where the overlay changes several. */
  service: Name.optional(),
  /** Of each finding at most so many requests that showed it, each so often, so many a second. */
  requests: z.int().min(1).max(50).default(10),
  times: z.int().min(1).max(100).default(3),
  rate: z.number().min(0.1).max(50).default(10),
  fill: FillShape,
});
type Begin = z.infer<typeof Begin>;

const GoOn = z.strictObject({
  /** Id of the recheck that goes on. */
  continue: z.string().min(1).max(200),
  fill: FillShape,
});

export const recheckRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/environments/{id}/recheck",
    summary:
      "Begin a recheck: choose stored requests that showed findings; with `continue`, send the next of them to candidate and control. Repeat until `done` is `total`",
    params: ById,
    query: NOTHING,
    body: z.union([Begin, GoOn]),
    status: 200,
    answer: RecheckShape,
    errors: ["not-found", "conflict", "not-allowed"],
    handle: async ({ params: { id }, body }, call) =>
      "continue" in body ? goOn(id, body, call) : begin(await read(id, call), body, call),
  }),
  route({
    method: "GET",
    path: "/environments/{id}/recheck",
    summary: "Show the latest recheck of an overlay: which findings are fixed",
    params: ById,
    query: NOTHING,
    body: null,
    status: 200,
    answer: RecheckShape,
    errors: ["not-found", "not-allowed"],
    handle: async ({ params: { id } }, call) => {
      const { overlay } = await overlayOf(call.ports.catalog, id);
      const recheck = await call.ports.rechecks.of(overlay.id);
      if (recheck !== undefined) return recheckView(recheck);
      throw new ShadowgraphError("not-found", `"${id}" was never rechecked: \`shadowgraph env recheck ${id}\``);
    },
  }),
];

const begin = async (reading: Reading, body: Begin, call: Call): Promise<RecheckShape> => {
  const { overlay, judgement } = reading;
  if (judgement.recomparing !== undefined)
    throw new ShadowgraphError(
      "not-allowed",
      `what is stored of "${overlay.file.name}" is being compared anew, so that its findings are not known yet: try again once \`shadowgraph rules show ${overlay.file.name}\` shows no progress any more`,
    );
  const lanes = await resendLanesOf(reading, body.service, call);
  const findings = chosen(judgement.findings, body);
  const terms = await readTerms(overlay.id, call);
  const planned = await planRecheck(
    overlay,
    { findings, requests: body.requests, fill: body.fill, lanes, terms },
    call,
  );
  const named = new Set(findings.map(({ id }) => id));
  const before = await call.ports.rechecks.of(overlay.id);
  const recheck: Recheck = {
    id: call.newId("recheck"),
    env: overlay.id,
    run: overlay.run.id,
    at: call.now(),
    who: call.who,
    lanes: askedLanes(lanes),
    times: body.times,
    rate: body.rate,
    pairs: packed(planned.pairs),
    requests: planned.pairs.length,
    findings: planned.findings,
    known: judgement.findings.map(({ id }) => id).filter((id) => !named.has(id)),
    others: [],
    next: 0,
    step: (before?.step ?? 0) + 1,
  };
  const { id, run, requests, times } = recheck;
  const after = { id, run, service: lanes.service, requests, times, findings: findings.map((one) => one.id) };
  return audited(call, async (note) => {
    await note(overlay.id, "environment.recheck", before === undefined ? null : { id: before.id }, after);
    if (await call.ports.rechecks.put(recheck)) return recheckView(recheck);
    throw overtaken(overlay.file.name);
  });
};

const goOn = async (
  idOrName: string,
  { continue: id, fill }: z.infer<typeof GoOn>,
  call: Call,
): Promise<RecheckShape> => {
  const { overlay, baseline } = await overlayOf(call.ports.catalog, idOrName);
  const recheck = await call.ports.rechecks.of(overlay.id);
  if (recheck === undefined || recheck.id !== id || recheck.run !== overlay.run.id) throw overtaken(overlay.file.name);
  if (recheck.next >= recheck.requests * recheck.times) return recheckView(recheck);
  const lanes = await resendLanesOf({ overlay, baseline }, recheck.lanes.service, call);
  const after = await stepRecheck(recheck, { lanes, fill, terms: await readTerms(overlay.id, call) }, call);
  if (await call.ports.rechecks.put(after)) return recheckView(after);
  throw overtaken(overlay.file.name);
};

const overtaken = (name: string): ShadowgraphError =>
  new ShadowgraphError(
    "conflict",
    `this recheck of "${name}" does not go on: another one, or a new run, has begun, or somebody else goes on with it`,
  );

const chosen = (all: readonly Finding[], { findings, all: isAll }: Begin): readonly Finding[] => {
  if (findings === undefined)
    return all.filter(({ confirmed, note }) => isAll || (confirmed && note === null)).slice(0, MAX_FINDINGS);
  const byId = new Map(all.map((finding) => [finding.id, finding]));
  return findings.map((id) => {
    const finding = byId.get(id);
    if (finding !== undefined) return finding;
    throw new ShadowgraphError("not-found", `there is no finding "${id}" in the present run`);
  });
};

const packed = (pairs: readonly StoredPair[]): string => {
  if (pairs.length === 0) return "";
  const [openedAt, closedAt] = [Math.min(...pairs.map(({ at }) => at)), Math.max(...pairs.map(({ at }) => at))];
  const stamp = { tee: "recheck", epoch: "0", seq: 0 };
  const head = { id: "recheck", env: "recheck", run: "recheck", stamp, openedAt, closedAt };
  const segment = encodeSegment({ ...head, control: "none", outcomes: noOutcomes(), pairs });
  return Buffer.from(segment).toString("base64");
};

const recheckView = (recheck: Recheck): RecheckShape => {
  const { id, env, run, at, who, lanes, times, rate, requests, next, others } = recheck;
  return {
    id,
    env,
    run,
    at,
    who,
    lanes,
    times,
    rate,
    requests,
    done: next,
    total: requests * times,
    findings: recheck.findings.map((finding) => {
      const { endpoint, place, kind, tally, because, missing, example } = finding;
      const told =
        because === null
          ? toldOf(finding, tally, leftOf(recheck, finding.requests))
          : { state: "notSent" as const, reason: because, confidence: null, atMost: null };
      const { shown } = tally;
      const counts = { requests: finding.requests.length, repetitions: repetitionsOf(tally), shown };
      return { id: finding.id, endpoint, place, kind, ...told, missing: [...missing], ...counts, example };
    }),
    others: [...others],
  };
};
