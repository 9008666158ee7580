import type { Rules } from "../core/diff/rules.ts";
import type { ResponseSchemas } from "../core/endpoints/response-schemas.ts";
import type { Learned } from "../core/endpoints/slugs.ts";
import type { Facts } from "../core/noise/facts.ts";
import type { Recheck } from "../core/recheck/recheck.ts";
import type { Replay } from "../core/recheck/replay.ts";
import type { Baseline, Overlay, Run } from "../core/sampling/environment.ts";
import type { Segment } from "../core/segment/segment.ts";
import type { VerdictName } from "../core/verdict/verdict.ts";
import type { Audit } from "./audit.ts";
import type { Deployments, DeployQueue, Releases } from "./deploy-ports.ts";
import type { Drifts } from "./drifts.ts";
import type { Latest } from "./latest.ts";

export type { Audit, AuditEntry } from "./audit.ts";

import type { Grain } from "./minute.ts";
import type { Probes } from "./probes.ts";
import type { Tees } from "./tees.ts";

/** Baselines, overlays and their runs. Names and ids are unique; every change is one conditional write. */
export interface Catalog {
  /** @throws ShadowgraphError "conflict" when the name or id is taken. */
  createBaseline(baseline: Baseline): Promise<void>;
  baselines(): Promise<readonly Baseline[]>;
  /** By id or name. @throws ShadowgraphError "not-found" */
  baseline(idOrName: string): Promise<Baseline>;
  /** @throws ShadowgraphError "conflict" when the name or id is taken. */
  createOverlay(overlay: Overlay): Promise<void>;
  overlays(): Promise<readonly Overlay[]>;
  /** By id or name. @throws ShadowgraphError "not-found" */
  overlay(idOrName: string): Promise<Overlay>;
  /** Writes `overlay` with revision + 1 if the stored one still has `overlay.revision`. @throws ShadowgraphError "conflict" */
  putOverlay(overlay: Overlay): Promise<Overlay>;
  /** Succeeds where there is none. */
  deleteOverlay(id: string): Promise<void>;
  /** Remembers a run, for the history; the same run written twice is there once. */
  recordRun(env: string, run: Run): Promise<void>;
  runs(env: string): Promise<readonly Run[]>;
}

/** What the JSON answers of baselines must look like. */
export interface SchemasStore {
  /** Once, before the baseline itself is created. */
  put(baseline: string, byService: Readonly<Record<string, ResponseSchemas>>): Promise<void>;
  /** By service; none of a baseline that has none. */
  of(baseline: string): Promise<Readonly<Record<string, ResponseSchemas>>>;
}

/** The way of a segment to diff-pairs. `offer` resolves once the queue has it. */
export interface SegmentQueue {
  /** Inline in the message, or put into the bucket and sent as a claim check when it is too large for a message. */
  send(segment: Uint8Array, id: string): Promise<void>;
}

/** The other end of the segment queue, for diff-pairs. */
export interface SegmentInbox {
  /** The bytes that were sent, from the body of a message: inline or by its claim check. @throws ShadowgraphError */
  open(body: string): Promise<Uint8Array>;
}

/** The redacted segments, as they were received: the truth. */
export interface Archive {
  put(segments: readonly { readonly segment: Segment; readonly bytes: Uint8Array }[]): Promise<void>;
  /** Every segment of the run once, whatever was written twice. */
  read(env: string, run: string): AsyncIterable<Segment>;
  /** The objects of the run, minute by minute, from the first one behind the key `after` on. */
  objects(env: string, run: string, after?: string): AsyncIterable<ArchiveObject>;
  /** What one object holds; nothing once it has expired. Another object may hold the same segment. */
  segments(key: string): Promise<Iterable<Segment>>;
}

/** Some segments of one minute. */
export interface ArchiveObject {
  readonly key: string;
  readonly minute: number;
}

export interface FactsKey {
  readonly env: string;
  readonly run: string;
  /** `PARSER_VERSION`, joined by `.` with the `comparisonKey` of the rules where they change what comparisons find. */
  readonly version: string;
}

/** Facts per segment, and their roll-ups. Writing the same segment twice is writing it once. */
export interface FactsStore {
  /**
   * `minute` is floor(segment.openedAt / 60 000). Facts live for the TTL after their minute, or after `from` (milliseconds since
   * 1970) where they are made later, of what is archived.
   */
  put(key: FactsKey, minute: number, segmentId: string, facts: Facts, from?: number): Promise<void>;
  ofMinute(key: FactsKey, minute: number): Promise<readonly Facts[]>;
  /** `span`: `minute/H/N` (H = its hour), `hour/H` or `run`. A roll-up of fewer segments than the stored one is dropped. */
  putRollup(key: FactsKey, span: string, facts: Facts): Promise<void>;
  rollup(key: FactsKey, span: string): Promise<Facts | undefined>;
  /** All roll-ups whose span begins with `prefix`. */
  rollups(key: FactsKey, prefix: string): Promise<readonly Facts[]>;
  /** The roll-ups of the minutes, or hours, of these numbers since 1970, both included, in order; read as they are asked for. */
  spans(key: FactsKey, grain: Grain, first: number, last: number): AsyncIterable<{ number: number; facts: Facts }>;
  /** The roll-ups of all hours: `hour` is the number of the hour since 1970. */
  hours(key: FactsKey): Promise<readonly { readonly hour: number; readonly facts: Facts }[]>;
}

/** How far the archive of a run is compared as the present rules and the present parser want it. */
export interface Recompare {
  /** Of the facts that are being made; those of other versions are not judged. */
  readonly version: string;
  /** Archive objects: compared, and in all; both 0 before they are counted. */
  readonly done: number;
  readonly total: number;
  /** Where the next step begins: behind the object `after`, and in `object` behind so many segments; null once all is done. */
  readonly next: { readonly after: string; readonly object: string; readonly segments: number } | null;
  /** Objects of later minutes were compared so from the beginning. */
  readonly untilMinute: number;
  /** One more at each write: of two that write the same step, one wins. */
  readonly step: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface Recompares {
  /** Undefined for a run that judge has not seen yet. */
  of(env: string, run: string): Promise<Recompare | undefined>;
  /** False: the stored one is not at `step` - 1 any more. */
  put(env: string, run: string, recompare: Recompare): Promise<boolean>;
  /** Asks diff-pairs for the next step, after so many seconds. */
  ask(key: FactsKey, delaySeconds?: number): Promise<void>;
}

/** What was learned of an environment's endpoints. Only ever coarsens. */
export interface EndpointMap {
  learned(env: string): Promise<Learned>;
  /** Learns these beside what is stored, whoever else learns at the same time; writes only what is new. Gives all that is known. */
  learn(env: string, endpoints: readonly string[]): Promise<Learned>;
}

/** Wakes judge: delayed and deduplicated per minute. */
export interface Wake {
  judge(key: FactsKey, minute: number): Promise<void>;
}

export interface RulesStore {
  /** The empty rules, version 0, where none were set. */
  rules(env: string): Promise<Rules>;
  /** The version must be the stored one + 1. @throws ShadowgraphError "conflict" */
  putRules(env: string, rules: Rules): Promise<void>;
}

export interface VerdictCrossing {
  readonly at: number;
  readonly run: string;
  readonly verdict: VerdictName;
  readonly reason: string;
  readonly pairs: number;
}

/** A crossing, with what its run's verdict was before; null for the first of a run. */
export interface VerdictChange extends VerdictCrossing {
  readonly from: VerdictName | null;
  /** Its place in its run, from 1. */
  readonly number: number;
}

/** The history of verdicts: one entry each time it changed. */
export interface VerdictLog {
  latest(env: string, run: string): Promise<VerdictCrossing | undefined>;
  /** False where the latest of the run says the same, or is later: then nothing is noted. What is noted is untold. */
  append(env: string, crossing: VerdictCrossing): Promise<boolean>;
  history(env: string): Promise<readonly VerdictCrossing[]>;
  /** What other tools have not been told of yet, in the order of time. */
  untold(env: string): Promise<readonly VerdictChange[]>;
  told(env: string, change: VerdictChange): Promise<void>;
}

/** What other tools are told of. */
export interface Events {
  /** `env` is the name of the overlay. Told twice it is two events. */
  verdictChanged(env: string, change: VerdictChange): Promise<void>;
}

/** Everything behind one table, one bucket and the queues. */
export interface Ports {
  readonly catalog: Catalog;
  readonly tees: Tees;
  readonly probes: Probes;
  readonly drifts: Drifts;
  readonly segments: SegmentQueue;
  readonly archive: Archive;
  readonly facts: FactsStore;
  readonly wake: Wake;
  readonly recompares: Recompares;
  readonly endpointMap: EndpointMap;
  readonly schemas: SchemasStore;
  readonly rules: RulesStore;
  readonly verdicts: VerdictLog;
  readonly audit: Audit;
  readonly deployments: Deployments;
  readonly releases: Releases;
  readonly rechecks: Latest<Recheck>;
  readonly replays: Latest<Replay>;
  /** Undefined where nothing can be deployed: overlays are then services that run already. */
  readonly deployQueue: DeployQueue | undefined;
}
