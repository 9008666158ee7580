import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { createNames } from "../../adapters/endpoint-map.ts";
import { isShadowgraphError } from "../../adapters/fault.ts";
import { factsKeyOf } from "../../adapters/judgement.ts";
import { readWake, type WakeMessage } from "../../adapters/wake.ts";
import type { Overlay } from "../../core/sampling/environment.ts";
import { ensureCompared } from "./ensure-compared.ts";
import { foldMinutes } from "./fold.ts";
import { type Judged, type Judging, judgeFolded } from "./judge-run.ts";
import { writeMetrics } from "./metrics.ts";
import { tellVerdicts } from "./tell-verdicts.ts";

/** Folds and judges each woken run once, however many of its minutes woke it. Wakes that failed are named, to come again. */
export const processWakes = async (event: SQSEvent, judging: Judging): Promise<SQSBatchResponse> => {
  const judged = new Map<string, Promise<void>>();
  const wakes = event.Records.flatMap(({ body }) => wakesIn(body));
  const judgeOnce = ({ env, run, version }: WakeMessage): Promise<void> => {
    const name = JSON.stringify([env, run, version]);
    const done =
      judged.get(name) ??
      judgeWoken(
        wakes.filter((wake) => wake.env === env && wake.run === run && wake.version === version),
        judging,
      );
    judged.set(name, done);
    return done;
  };
  const processor = new BatchProcessor(EventType.SQS);
  const handle = (record: SQSRecord) => judgeOnce(readWake(record.body));
  return processPartialResponse(event, handle, processor, { throwOnFullBatchFailure: false });
};

const wakesIn = (body: string): WakeMessage[] => {
  try {
    return [readWake(body)];
  } catch {
    return []; // told when its own record is handled
  }
};

/** All of one run. */
const judgeWoken = async (wakes: readonly WakeMessage[], judging: Judging): Promise<void> => {
  const { ports, baseline, settings, now } = judging;
  const { env, run, version } = wakes[0]!;
  const key = { env, run, version };
  await foldMinutes(
    ports.facts,
    key,
    wakes.map(({ minute }) => minute),
    await createNames(ports, env),
  );
  const overlay = await overlayOf(ports, env);
  // Facts of another parser or of other rules stay folded; nobody reads a verdict from them.
  if (overlay === undefined || version !== factsKeyOf(env, run, await ports.rules.rules(env)).version) return;
  const at = now();
  if (overlay.run.id === run) {
    await ensureCompared(ports, overlay, at);
    const judged = await judgeFolded(ports, overlay, settings, at);
    writeMetrics(overlay, judged, { baseline, at });
    return tell(overlay, judged, judging, at);
  }
  const earlier = (await ports.catalog.runs(env)).find(({ id }) => id === run);
  if (earlier === undefined) return;
  await tell(overlay, await judgeFolded(ports, { ...overlay, run: earlier }, settings, at), judging, at);
};

/** What fails here is told by the schedule: the wake is done, and would change nothing if it came again. */
const tell = async (overlay: Overlay, { isNew }: Judged, { ports }: Judging, at: number): Promise<void> => {
  if (!isNew) return;
  await tellVerdicts(overlay, { ports, at, isNew }).catch((fault: unknown) => {
    const line = { level: "error", event: "verdict-untold", env: overlay.file.name, message: String(fault) };
    console.error(JSON.stringify(line));
  });
};

/** Undefined once it is deleted. */
const overlayOf = async ({ catalog }: Judging["ports"], env: string): Promise<Overlay | undefined> => {
  try {
    return await catalog.overlay(env);
  } catch (error) {
    if (isShadowgraphError(error, "not-found")) return undefined;
    throw error;
  }
};
