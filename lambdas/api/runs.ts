import { type RunFacts, readRunFacts } from "../../adapters/run-facts.ts";
import { ShadowgraphError } from "../../core/errors.ts";
import { totalOf } from "../../core/noise/totals.ts";
import { withoutWarmUp } from "../../core/noise/warm-up.ts";
import type { Overlay, Run } from "../../core/sampling/environment.ts";
import { createDiverging } from "../../core/verdict/safety.ts";
import type { Finding } from "../../core/verdict/verdict.ts";
import type { Call } from "./deps.ts";
import type { RunsComparedShape, RunsShape } from "./shapes-runs.ts";
import { releaseView } from "./views.ts";

const MAX_FINDINGS = 200;

/** All runs of an overlay, the first one first. */
export const runsOf = async (
  { id, run }: Pick<Overlay, "id" | "run">,
  catalog: Call["ports"]["catalog"],
): Promise<Run[]> => {
  const recorded = await catalog.runs(id);
  const all = recorded.some((one) => one.id === run.id) ? recorded : [...recorded, run];
  return all.toSorted((a, b) => a.attempt - b.attempt);
};

/** Each with its verdicts and the release that rests on it, the latest first. @param present the id of the present run; none of what is deleted */
export const runsView = async (
  env: string,
  runs: readonly Run[],
  present: string | undefined,
  { ports }: Call,
): Promise<RunsShape> => {
  const [history, releases] = await Promise.all([ports.verdicts.history(env), ports.releases.all(env)]);
  return {
    runs: runs.toReversed().map((run) => {
      const release = releases.findLast(({ evidence }) => evidence.run.id === run.id);
      return {
        ...run,
        current: run.id === present,
        verdicts: history
          .filter((crossing) => crossing.run === run.id)
          .map(({ at, verdict, reason, pairs }) => ({ at, verdict, reason, pairs })),
        release: release === undefined ? null : releaseView(release),
      };
    }),
  };
};

/** What two runs found, set against each other. @throws ShadowgraphError "invalid-input" for a run that is none of the overlay's */
export const compareRuns = async (
  overlay: Overlay,
  asked: { readonly a?: string | undefined; readonly b?: string | undefined },
  { ports, settings }: Call,
): Promise<RunsComparedShape> => {
  const runs = await runsOf(overlay, ports.catalog);
  const b = runNamed("b", asked.b ?? overlay.run.id, runs);
  const a = runNamed("a", asked.a ?? before(b, runs), runs);
  const terms = { rules: await ports.rules.rules(overlay.id), settings };
  const [ofA, ofB] = await Promise.all([a, b].map((run) => readRunFacts(ports, overlay, run, terms)));
  return { env: overlay.id, ...changeOf({ run: a, ...ofA! }, { run: b, ...ofB! }) };
};

type Side = RunFacts & { readonly run: Run };

const runNamed = (field: "a" | "b", idOrAttempt: string, runs: readonly Run[]): Run => {
  const found = runs.find(({ id, attempt }) => id === idOrAttempt || String(attempt) === idOrAttempt);
  if (found !== undefined) return found;
  const allowed = runs.map(({ id, attempt }) => `${attempt} (${id})`).slice(-10);
  throw new ShadowgraphError("invalid-input", "no such run", {
    faults: [
      { field, message: `must be an attempt or a run of this overlay: ${allowed.join(", ")}; got "${idOrAttempt}"` },
    ],
  });
};

const before = ({ id, attempt }: Run, runs: readonly Run[]): string =>
  runs.findLast((run) => run.attempt < attempt)?.id ?? id;

const changeOf = (a: Side, b: Side): Omit<RunsComparedShape, "env"> => {
  const [inA, inB] = [a, b].map(({ findings }) => new Map(findings.map((one) => [one.id, one])));
  const appeared = b.findings.filter(({ id }) => !inA!.has(id));
  const vanished = a.findings.filter(({ id }) => !inB!.has(id));
  const stayed = b.findings.filter(({ id }) => inA!.has(id));
  const some = (findings: readonly Finding[]) => findings.slice(0, MAX_FINDINGS);
  return {
    a: sideOf(a),
    b: sideOf(b),
    caution: cautionOf(a, b),
    appeared: some(appeared).map((one) => ({ ...nameOf(one), b: seen(one) })),
    vanished: some(vanished).map((one) => ({
      ...nameOf(one),
      a: seen(one),
      pairsInB: b.facts.endpoints[one.endpoint]?.pairs ?? 0,
    })),
    stayed: some(stayed).map((one) => ({ ...nameOf(one), a: seen(inA!.get(one.id)!), b: seen(one) })),
    totals: { appeared: appeared.length, vanished: vanished.length, stayed: stayed.length },
  };
};

const sideOf = ({ run, facts, findings, isPart }: Side) => {
  const warm = withoutWarmUp(facts);
  return { ...run, pairs: totalOf(warm, "pairs"), diverging: createDiverging(warm, findings)(warm), isPart };
};

const cautionOf = (a: Side, b: Side): string | null => {
  const part = [a, b].find(({ isPart }) => isPart);
  if (part !== undefined)
    return `what is stored of attempt ${part.run.attempt} is being compared anew: this is a part of it`;
  const empty = [a, b].find(({ facts }) => totalOf(facts, "pairs") === 0);
  if (empty !== undefined) return `attempt ${empty.run.attempt} has no pairs`;
  if (a.key.version !== b.key.version)
    return "the two were compared by other rules, or by another version of Shadowgraph: what appeared or vanished may be for that";
  return null;
};

const nameOf = ({ id, endpoint, place, kind }: Finding) => ({ id, endpoint, place, kind });

const seen = ({ count, pairs, confirmed }: Finding) => ({ count, pairs, confirmed });
