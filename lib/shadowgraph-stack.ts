import { EventBus } from "aws-cdk-lib/aws-events";
import { CfnOutput, RemovalPolicy, Stack, type StackProps } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { bypassOf } from "../adapters/alarm-names.ts";
import { watchOf } from "./alarms/alarm.ts";
import { Alarms } from "./alarms/alarms.ts";
import { Api, type ApiProps } from "./api.ts";
import { ArchiveBucket } from "./archive-bucket.ts";
import type { AlarmThresholds } from "./config/alarms-shape.ts";
import { DiffPairs } from "./diff-pairs.ts";
import { EncryptionKey } from "./encryption-key.ts";
import { FactsTable } from "./facts-table.ts";
import { refuse, wholeFault } from "./faults.ts";
import { Fleets } from "./fleets.ts";
import { Judge, type VerdictOverrides } from "./judge.ts";
import { JudgeQueue } from "./judge-queue.ts";
import type { GivenNetworkProps, Place } from "./network.ts";
import { Notices } from "./notices.ts";
import { type OverlaySettings, Overlays } from "./overlays.ts";
import { PairQueue } from "./pair-queue.ts";
import { Resend } from "./resend.ts";
import type { ServiceSettings } from "./service-tees.ts";
import type { Storage } from "./storage.ts";
import { TeeAccess } from "./tee-access.ts";
import { VerdictNotice } from "./verdict-notice.ts";
import { WatchBoard } from "./watch-board.ts";

export interface ShadowgraphStackProps extends StackProps {
  /**
   * Name of the baseline, here and in the catalog.
   * @default "main"
   */
  readonly baseline?: string;
  /**
   * Where fleets stand; needed as soon as there is a service.
   * @default - no network
   */
  readonly network?: Place | GivenNetworkProps;
  /**
   * The services of the baseline that tees stand before, by name; at most 6.
   * @default - none: run tees elsewhere, with the policy `TeePolicy` and the variables that the outputs name
   */
  readonly services?: Readonly<Record<string, ServiceSettings>>;
  /**
   * Deploys overlays from images, beside the services of the baseline; needs services, whose tees ask them.
   * @default - none: overlays are services that run already
   */
  readonly overlays?: OverlaySettings;
  /**
   * What the image of the tee is built on.
   * @default "node:24-slim"
   */
  readonly nodeImage?: string;
  /**
   * Days that redacted segments are kept; not fewer than `factsDays`.
   * @default 30
   */
  readonly archiveDays?: number;
  /**
   * Days that the facts of single segments are kept; roll-ups and verdicts stay.
   * @default 14
   */
  readonly factsDays?: number;
  /**
   * Batches of segments compared at the same time, 2 to 1000.
   * @default 20
   */
  readonly maxDiffConcurrency?: number;
  /**
   * Partitions that the facts of one minute are spread over, 1 to 256: 1 000 segments a second for each. Only ever raise it.
   * @default 4
   */
  readonly factShards?: number;
  /**
   * Error rates, tolerance and limits of the verdict.
   * @default - the defaults of core/verdict
   */
  readonly verdict?: VerdictOverrides;
  readonly api?: Pick<ApiProps, "requestsPerSecond" | "tokens">;
  /**
   * What becomes of table, bucket, key and own load balancers with the stack.
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy.RETAIN | RemovalPolicy.DESTROY;
  /**
   * When people are told.
   * @default - the defaults of lib/config/alarms-shape.ts
   */
  readonly alarms?: AlarmThresholds;
  /**
   * Name of the EventBridge bus that is told of changed verdicts.
   * @default "default", which every account has
   */
  readonly eventBus?: string;
  /**
   * Who is told by mail of alarms and changed verdicts.
   * @default - nobody
   */
  readonly emails?: readonly string[];
}

/** Variables of a function hold 4 KiB, and the API's name the load balancers of all services. */
const MAX_SERVICES = 6;

/** Everything of one baseline: its tees, what makes facts and a verdict of their segments, and the API. */
export class ShadowgraphStack extends Stack {
  constructor(scope: Construct, id: string, props: ShadowgraphStackProps = {}) {
    const {
      baseline = "main",
      network,
      services = {},
      overlays: overlaySettings,
      nodeImage,
      emails = [],
      api: apiSettings = {},
    } = props;
    const { archiveDays = 30, factsDays = 14, maxDiffConcurrency = 20, factShards = 4, verdict = {} } = props;
    const { alarms: thresholds = {}, eventBus = "default" } = props;
    const { removalPolicy = RemovalPolicy.RETAIN, env, tags, stackName, terminationProtection } = props;
    const count = Object.keys(services).length;
    refuse(id, [
      wholeFault("factsDays", factsDays, 1, 3650),
      wholeFault("archiveDays", archiveDays, 1, 3650),
      archiveDays < factsDays
        ? `archiveDays must not be below factsDays (${factsDays}); got ${archiveDays}`
        : undefined,
      wholeFault("maxDiffConcurrency", maxDiffConcurrency, 2, 1000),
      wholeFault("factShards", factShards, 1, 256),
      count > MAX_SERVICES ? `services must be at most ${MAX_SERVICES}; got ${count}` : undefined,
      count > 0 && network === undefined ? "network is missing; must be given where there are services" : undefined,
      overlaySettings !== undefined && count === 0
        ? "overlays must be left out where there are no services"
        : undefined,
    ]);
    super(scope, id, {
      description: "Shadowgraph: is the overlay safe to release?",
      ...(env && { env }),
      ...(tags && { tags }),
      ...(stackName && { stackName }),
      ...(terminationProtection && { terminationProtection }),
    });

    const key = new EncryptionKey(this, "Key", { description: `Shadowgraph, baseline ${baseline}`, removalPolicy });
    const storage: Storage = {
      key,
      table: new FactsTable(this, "FactsTable", { key, removalPolicy }),
      bucket: new ArchiveBucket(this, "ArchiveBucket", { key, archiveDays, factsDays, removalPolicy }),
      pairQueue: new PairQueue(this, "PairQueue", { key, consumerTimeout: DiffPairs.timeout }),
      judgeQueue: new JudgeQueue(this, "JudgeQueue", { key, consumerTimeout: Judge.timeout }),
      factsDays,
      factShards,
    };
    const bus = EventBus.fromEventBusName(this, "Bus", eventBus);
    const diffPairs = new DiffPairs(this, "DiffPairs", { storage, maxConcurrency: maxDiffConcurrency });
    const judge = new Judge(this, "Judge", { baseline, bus, storage, verdict });
    const access = new TeeAccess(this, "TeeAccess", { storage });
    const isProtected = removalPolicy === RemovalPolicy.RETAIN;
    const notices = new Notices(this, "Notices", { key, emails });
    const watch = watchOf(baseline, notices, thresholds.runbookUrl);
    const shared = { baseline, services, storage, access, watch, isProtected, ...(nodeImage && { nodeImage }) };
    const fleets =
      network === undefined || count === 0 ? undefined : new Fleets(this, "Fleets", { network, ...shared });
    const gates = fleets?.gates ?? [];
    const overlays =
      overlaySettings &&
      fleets &&
      new Overlays(this, "Overlays", {
        baseline,
        storage,
        fleets,
        ...(nodeImage && { nodeImage }),
        ...overlaySettings,
      });
    const resend = fleets && new Resend(this, "Resend", { key, ...fleets });
    const api = new Api(this, "Api", {
      storage,
      verdict,
      gates,
      removalPolicy,
      ...(overlays && { overlays }),
      ...(resend && { resend }),
      ...apiSettings,
    });

    const failures = judge.program.failures!;
    new VerdictNotice(this, "VerdictNotice", { baseline, bus, key, notices, deadLetters: failures });
    const pipeline = {
      queues: { segments: storage.pairQueue.queue, wakes: storage.judgeQueue.queue, ...overlays?.watched.queues },
      deadLetters: {
        segments: storage.pairQueue.deadLetters,
        wakes: storage.judgeQueue.deadLetters,
        judge: failures,
        ...overlays?.watched.deadLetters,
      },
      functions: {
        "diff-pairs": diffPairs.program.function,
        judge: judge.program.function,
        api: api.program.function,
        ...overlays?.watched.functions,
      },
    };
    const { alarms } = new Alarms(this, "Alarms", { baseline, watch, services, ...pipeline, thresholds });
    new WatchBoard(this, "WatchBoard", {
      baseline,
      services: Object.keys(services),
      ...pipeline,
      deadLetters: {
        ...pipeline.deadLetters,
        ...Object.fromEntries(gates.map(({ route, program }) => [bypassOf(route.service), program.failures!])),
      },
      table: storage.table.table,
      alarms: [...gates.flatMap(({ killSwitch }) => killSwitch.alarms), ...alarms],
      ...(thresholds.runbookUrl && { runbookUrl: thresholds.runbookUrl }),
    });

    const output = (name: string, description: string, value: string) =>
      new CfnOutput(this, name, { description, value });
    output("ApiUrl", "SHADOWGRAPH_API of the CLI", api.url);
    output("NoticesTopic", "Topic that people subscribe to", notices.topic.topicArn);
    output("TeePolicy", "Policy for the role of a tee", access.policy.managedPolicyArn);
    output("TableName", "TABLE_NAME of a tee", storage.table.table.tableName);
    output("BucketName", "BUCKET_NAME of a tee", storage.bucket.bucket.bucketName);
    output("SegmentQueueUrl", "SEGMENT_QUEUE_URL of a tee", storage.pairQueue.queue.queueUrl);
    if (fleets !== undefined)
      output("MarkKeySecret", "SHADOWGRAPH_MARK_KEY of what checks marks", fleets.markKey.secret.secretArn);
    if (overlays !== undefined)
      output("OverlaySecurityGroup", "Whom services let in that overlays call", overlays.securityGroup.securityGroupId);
    output("JudgeQueueUrl", "JUDGE_QUEUE_URL of a tee", storage.judgeQueue.queue.queueUrl);
  }
}
