import type { DriftRow } from "../../../adapters/drifts.ts";
import { spanOf } from "../../../adapters/minute.ts";
import type { AuditEntry, Ports, Recompare, VerdictCrossing } from "../../../adapters/ports.ts";
import type { Deployment } from "../../../core/deploy/deployment.ts";
import { NO_RULES, type Rules } from "../../../core/diff/rules.ts";
import type { ResponseSchemas } from "../../../core/endpoints/response-schemas.ts";
import { type Learned, learn } from "../../../core/endpoints/slugs.ts";
import { ShadowgraphError } from "../../../core/errors.ts";
import type { Facts } from "../../../core/noise/facts.ts";
import type { Release } from "../../../core/release/release.ts";
import type { Baseline, Overlay, Run } from "../../../core/sampling/environment.ts";
import type { ProbeRecord } from "../../../core/sampling/writes.ts";
import type { Segment } from "../../../core/segment/segment.ts";

/** The ports over maps of this process: a second implementation of what the adapters promise. */
export const memoryPorts = (): Ports => {
  const queue: { id: string; bytes: Uint8Array }[] = [];
  return {
    catalog: memoryCatalog(),
    tees: memoryTees(),
    probes: memoryProbes(),
    drifts: memoryDrifts(),
    segments: { send: async (bytes, id) => void queue.push({ id, bytes }) },
    archive: memoryArchive(),
    facts: memoryFacts(),
    wake: { judge: async () => {} },
    recompares: memoryRecompares(),
    endpointMap: memoryEndpointMap(),
    schemas: memorySchemas(),
    rules: memoryRules(),
    verdicts: memoryVerdicts(),
    audit: memoryAudit(),
    deployments: memoryDeployments(),
    releases: memoryReleases(),
    rechecks: memoryLatest(),
    replays: memoryLatest(),
    deployQueue: { ask: async () => {} },
  };
};

interface Entry {
  readonly id: string;
  readonly file: { readonly name: string };
}

/** Names and ids are unique among the entries of one kind. */
const unique = <T extends Entry>(kind: string) => {
  const byId = new Map<string, T>();
  const find = (idOrName: string) =>
    byId.get(idOrName) ?? [...byId.values()].find(({ file }) => file.name === idOrName);
  return {
    byId,
    get: (idOrName: string): T => {
      const found = find(idOrName);
      if (found) return structuredClone(found);
      throw new ShadowgraphError("not-found", `there is no ${kind} "${idOrName}"`);
    },
    create: (entry: T): void => {
      if (find(entry.id) ?? find(entry.file.name))
        throw new ShadowgraphError("conflict", `${kind} "${entry.file.name}" is there already`);
      byId.set(entry.id, structuredClone(entry));
    },
    all: (): T[] => structuredClone([...byId.values()]),
  };
};

const memoryCatalog = (): Ports["catalog"] => {
  const baselines = unique<Baseline>("baseline");
  const overlays = unique<Overlay>("overlay");
  const runs = lists<Run>();
  return {
    createBaseline: async (baseline) => baselines.create(baseline),
    baselines: async () => baselines.all(),
    baseline: async (idOrName) => baselines.get(idOrName),
    createOverlay: async (overlay) => overlays.create(overlay),
    overlays: async () => overlays.all(),
    overlay: async (idOrName) => overlays.get(idOrName),
    putOverlay: async (overlay) => {
      if (overlays.get(overlay.id).revision !== overlay.revision)
        throw new ShadowgraphError("conflict", `overlay "${overlay.id}" was changed meanwhile`);
      const next = { ...overlay, revision: overlay.revision + 1 };
      overlays.byId.set(overlay.id, structuredClone(next));
      return next;
    },
    deleteOverlay: async (id) => void overlays.byId.delete(id),
    recordRun: async (env, run) => {
      if (!runs.of(env).some(({ id }) => id === run.id)) runs.add(env, run);
    },
    runs: async (env) => runs.of(env),
  };
};

const lists = <T>() => {
  const byKey = new Map<string, T[]>();
  return {
    add: (key: string, entry: T): void => void byKey.set(key, [...(byKey.get(key) ?? []), entry]),
    of: (key: string): T[] => structuredClone(byKey.get(key) ?? []),
  };
};

const memoryLatest = <T extends { readonly env: string; readonly step: number }>() => {
  const byEnv = new Map<string, T>();
  return {
    of: async (env: string) => structuredClone(byEnv.get(env)),
    put: async (value: T) => {
      if ((byEnv.get(value.env)?.step ?? 0) !== value.step - 1) return false;
      byEnv.set(value.env, structuredClone(value));
      return true;
    },
  };
};

const memoryTees = (): Ports["tees"] => {
  const beats = new Map<string, Parameters<Ports["tees"]["beat"]>[0]>();
  return {
    beat: async (beat) => void beats.set(`${beat.baseline}/${beat.tee}.${beat.epoch}`, beat),
    heartbeats: async (baseline) => [...beats.values()].filter((beat) => beat.baseline === baseline),
  };
};

const memoryProbes = (): Ports["probes"] => {
  const records = new Map<string, ProbeRecord>();
  const keyOf = ({ env, run, service, key }: ProbeRecord) => JSON.stringify([env, run, service, key]);
  const put = (record: ProbeRecord, isFree: (stored: ProbeRecord | undefined) => boolean): boolean => {
    if (!isFree(records.get(keyOf(record)))) return false;
    records.set(keyOf(record), record);
    return true;
  };
  return {
    of: async (env, run) =>
      [...records.values()].filter((record) => record.env === env && (run === undefined || record.run === run)),
    claim: async (record) =>
      put(
        record,
        (stored) =>
          stored === undefined || (["probing", "unclear"].includes(stored.state) && stored.nextAt <= record.at),
      ),
    end: async (record) =>
      put(
        record,
        (stored) => stored?.state === "probing" && stored.tee === record.tee && stored.tries === record.tries,
      ),
  };
};

const memoryDrifts = (): Ports["drifts"] => {
  const rows = new Map<string, DriftRow>();
  return {
    of: async (env, run) => structuredClone(rows.get(`${env}/${run}`)),
    put: async (env, run, row) => {
      if ((rows.get(`${env}/${run}`)?.step ?? 0) !== row.step - 1) return false;
      rows.set(`${env}/${run}`, structuredClone(row));
      return true;
    },
  };
};

const keyOfSegment = ({ id, openedAt }: Segment): string => `${Math.floor(openedAt / 60_000)}/${id}`;

const memoryArchive = (): Ports["archive"] => {
  const segments = new Map<string, Segment>();
  return {
    put: async (received) => {
      for (const { segment } of received) segments.set(segment.id, segment);
    },
    read: async function* (env, run) {
      for (const segment of segments.values()) if (segment.env === env && segment.run === run) yield segment;
    },
    objects: async function* (env, run, after = "") {
      const own = [...segments.values()].filter((segment) => segment.env === env && segment.run === run);
      for (const key of own.map(keyOfSegment).sort()) if (key > after) yield { key, minute: Number.parseInt(key, 10) };
    },
    segments: async (key) => [...segments.values()].filter((segment) => keyOfSegment(segment) === key),
  };
};

const memoryFacts = (): Ports["facts"] => {
  const stored = new Map<string, Facts>();
  const keyOf = (key: { env: string; run: string; version: string }, rest: string) =>
    `${key.env} ${key.run} ${key.version} ${rest}`;
  const under = (prefix: string) => [...stored].filter(([key]) => key.startsWith(prefix)).map(([, facts]) => facts);
  return {
    put: async (key, minute, segment, facts) => void stored.set(keyOf(key, `fact ${minute} ${segment}`), facts),
    ofMinute: async (key, minute) => under(keyOf(key, `fact ${minute} `)),
    putRollup: async (key, span, facts) => void stored.set(keyOf(key, `rollup ${span}`), facts),
    rollup: async (key, span) => stored.get(keyOf(key, `rollup ${span}`)),
    rollups: async (key, prefix) => under(keyOf(key, `rollup ${prefix}`)),
    async *spans(key, grain, first, last) {
      for (let number = first; number <= last; number++) {
        const facts = stored.get(keyOf(key, `rollup ${spanOf(grain, number)}`));
        if (facts !== undefined) yield { number, facts };
      }
    },
    hours: async (key) => {
      const prefix = keyOf(key, "rollup hour/");
      return [...stored]
        .filter(([name]) => name.startsWith(prefix))
        .map(([name, facts]) => ({ hour: Number(name.slice(prefix.length)), facts }));
    },
  };
};

const memoryEndpointMap = (): Ports["endpointMap"] => {
  const maps = new Map<string, Learned>();
  const learned = async (env: string) => maps.get(env) ?? [];
  return {
    learned,
    learn: async (env, endpoints) => {
      maps.set(env, learn(await learned(env), endpoints));
      return learned(env);
    },
  };
};

const memoryRecompares = (): Ports["recompares"] => {
  const rows = new Map<string, Recompare>();
  return {
    of: async (env, run) => rows.get(`${env}/${run}`),
    put: async (env, run, recompare) => {
      if ((rows.get(`${env}/${run}`)?.step ?? 0) !== recompare.step - 1) return false;
      rows.set(`${env}/${run}`, recompare);
      return true;
    },
    ask: async () => {},
  };
};

const memorySchemas = (): Ports["schemas"] => {
  const byBaseline = new Map<string, Readonly<Record<string, ResponseSchemas>>>();
  return {
    put: async (baseline, byService) => void byBaseline.set(baseline, byService),
    of: async (baseline) => byBaseline.get(baseline) ?? {},
  };
};

const memoryRules = (): Ports["rules"] => {
  const byEnv = new Map<string, Rules>();
  return {
    rules: async (env) => byEnv.get(env) ?? NO_RULES,
    putRules: async (env, rules) => {
      if (rules.version !== (byEnv.get(env) ?? NO_RULES).version + 1)
        throw new ShadowgraphError("conflict", `the rules of "${env}" were changed meanwhile`);
      byEnv.set(env, rules);
    },
  };
};

const memoryVerdicts = (): Ports["verdicts"] => {
  const crossings = lists<VerdictCrossing>();
  return {
    latest: async (env, run) => crossings.of(env).findLast((crossing) => crossing.run === run),
    append: async (env, crossing) => {
      const last = crossings.of(env).findLast(({ run }) => run === crossing.run);
      if (last?.verdict === crossing.verdict) return false;
      crossings.add(env, crossing);
      return true;
    },
    history: async (env) => crossings.of(env),
    untold: async () => [],
    told: async () => {},
  };
};

const memoryAudit = (): Ports["audit"] => {
  const entries = new Map<string, { readonly env: string; readonly entry: AuditEntry }>();
  const keyOf = (env: string, { at, id }: Pick<AuditEntry, "at" | "id">) =>
    `${env} ${String(at).padStart(15, "0")} ${id}`;
  return {
    append: async (env, entry) => void entries.set(keyOf(env, entry), structuredClone({ env, entry })),
    remove: async (env, entry) => void entries.delete(keyOf(env, entry)),
    entries: async (env, { from, to } = { from: 0, to: Number.POSITIVE_INFINITY }) =>
      [...entries.keys()].sort().flatMap((key) => {
        const one = entries.get(key);
        const isMeant = one?.env === env && one.entry.at >= from && one.entry.at <= to;
        return isMeant ? [structuredClone(one.entry)] : [];
      }),
  };
};

const memoryDeployments = (): Ports["deployments"] => {
  const byEnv = new Map<string, Deployment>();
  return {
    of: async (env) => structuredClone(byEnv.get(env)),
    all: async () => structuredClone([...byEnv.values()]),
    put: async (deployment) => {
      if ((byEnv.get(deployment.env)?.step ?? 0) !== deployment.step - 1) return false;
      byEnv.set(deployment.env, structuredClone(deployment));
      return true;
    },
    delete: async (env) => void byEnv.delete(env),
  };
};

const memoryReleases = (): Ports["releases"] => {
  const byId = new Map<string, Release>();
  return {
    latest: async (env) => structuredClone([...byId.values()].findLast((release) => release.env === env)),
    all: async (env) => structuredClone([...byId.values()].filter((release) => release.env === env)),
    open: async () => [...new Set([...byId.values()].map(({ env }) => env))],
    close: async () => {},
    put: async (release) => {
      if ((byId.get(release.id)?.step ?? 0) !== release.step - 1) return false;
      byId.set(release.id, structuredClone(release));
      return true;
    },
  };
};
