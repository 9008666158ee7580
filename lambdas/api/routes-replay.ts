import * as z from "zod";
import { ShadowgraphError } from "../../core/errors.ts";
import { emptyFacts } from "../../core/noise/merge.ts";
import { NO_COUNTS, type Replay } from "../../core/recheck/replay.ts";
import { Name } from "../../core/sampling/environment.ts";
import { audited } from "./audit.ts";
import type { Call } from "./deps.ts";
import { overlayOf } from "./environments.ts";
import { type Reading, read } from "./reading.ts";
import { stepReplay } from "./replay-step.ts";
import { replayView } from "./replay-view.ts";
import { askedLanes, resendLanesOf } from "./resend-lanes.ts";
import { readTerms } from "./resend-terms.ts";
import { ById, NOTHING, type Route, route } from "./route.ts";
import { FillShape } from "./shapes-recheck.ts";
import { ReplayShape } from "./shapes-replay.ts";

const Time = z.int().min(0).max(8_640_000_000_000_000);

const Begin = z
  .strictObject({
    /** Milliseconds since 1970: of this time on, and before that. */
    from: Time,
    to: Time,
    /** Times as fast as it was. */
    speed: z.number().min(0.01).max(10_000).default(1),
    /** Requests a second at most. */
    rate: z.number().min(0.1).max(50).default(10),
    /** Only count what could be sent. */
    dryRun: z.boolean().default(false),
    service: Name.optional(),
    fill: FillShape,
  })
  .refine(({ from, to }) => from < to, { path: ["to"], message: "must be after from" });

const GoOn = z.strictObject({ continue: z.string().min(1).max(200), fill: FillShape });

export const replayRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/environments/{id}/replay",
    summary:
      "Begin to send the stored requests of a window again, in their order and at their pace; with `continue`, count or send the next of them. Repeat until `phase` is `ended`",
    params: ById,
    query: NOTHING,
    body: z.union([Begin, GoOn]),
    status: 200,
    answer: ReplayShape,
    errors: ["not-found", "conflict", "not-allowed"],
    handle: async ({ params: { id }, body }, call) =>
      "continue" in body ? goOn(id, body, call) : begin(await read(id, call), body, call),
  }),
  route({
    method: "GET",
    path: "/environments/{id}/replay",
    summary: "Show the latest replay of an overlay",
    params: ById,
    query: NOTHING,
    body: null,
    status: 200,
    answer: ReplayShape,
    errors: ["not-found", "not-allowed"],
    handle: async ({ params: { id } }, call) => {
      const { overlay } = await overlayOf(call.ports.catalog, id);
      const replay = await call.ports.replays.of(overlay.id);
      if (replay !== undefined) return replayView(replay, await readTerms(overlay.id, call), call);
      throw new ShadowgraphError("not-found", `"${id}" was never replayed: \`shadowgraph env replay ${id}\``);
    },
  }),
];

const begin = async (reading: Reading, body: z.infer<typeof Begin>, call: Call): Promise<ReplayShape> => {
  const { overlay, judgement } = reading;
  const { from, to, speed, rate, dryRun, service, fill } = body;
  const lanes = askedLanes(await resendLanesOf(reading, service, call));
  const before = await call.ports.replays.of(overlay.id);
  const replay: Replay = {
    id: call.newId("replay"),
    env: overlay.id,
    run: overlay.run.id,
    at: call.now(),
    who: call.who,
    lanes,
    from,
    to,
    speed,
    rate,
    dryRun,
    phase: "counting",
    place: { after: "", pair: null },
    counts: NO_COUNTS,
    missing: {},
    given: Object.keys(fill),
    unreadObjects: 0,
    sent: 0,
    unanswered: 0,
    clock: null,
    facts: emptyFacts(),
    known: judgement.findings.map((finding) => finding.id),
    step: (before?.step ?? 0) + 1,
  };
  const { id, run } = replay;
  const after = { id, run, service: lanes.service, from, to, speed, rate, dryRun };
  return audited(call, async (note) => {
    await note(overlay.id, "environment.replay", before === undefined ? null : { id: before.id }, after);
    if (await call.ports.replays.put(replay)) return replayView(replay, await readTerms(overlay.id, call), call);
    throw overtaken(overlay.file.name);
  });
};

const goOn = async (
  idOrName: string,
  { continue: id, fill }: z.infer<typeof GoOn>,
  call: Call,
): Promise<ReplayShape> => {
  const { overlay, baseline } = await overlayOf(call.ports.catalog, idOrName);
  const replay = await call.ports.replays.of(overlay.id);
  if (replay === undefined || replay.id !== id || replay.run !== overlay.run.id) throw overtaken(overlay.file.name);
  checkGiven(replay, Object.keys(fill));
  const terms = await readTerms(overlay.id, call);
  if (replay.phase === "ended") return replayView(replay, terms, call);
  const lanes = await resendLanesOf({ overlay, baseline }, replay.lanes.service, call);
  const { replay: after, waitMs } = await stepReplay(replay, { lanes, terms, fill }, call);
  if (await call.ports.replays.put(after)) return replayView(after, terms, call, waitMs);
  throw overtaken(overlay.file.name);
};

/** What was counted as ready must be so still. */
const checkGiven = ({ given }: Replay, names: readonly string[]): void => {
  const lacking = given.filter((name) => !names.includes(name));
  if (lacking.length === 0) return;
  throw new ShadowgraphError("invalid-input", "hidden values that were given before are not given now", {
    faults: lacking.map((name) => ({ field: `fill.${name}`, message: "must be given at each step; got nothing" })),
  });
};

const overtaken = (name: string): ShadowgraphError =>
  new ShadowgraphError(
    "conflict",
    `this replay of "${name}" does not go on: another one, or a new run, has begun, or somebody else goes on with it`,
  );
