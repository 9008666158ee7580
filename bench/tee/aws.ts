// The emulated AWS behind the tee, in a process of its own so that its CPU is not the tee's: a baseline, an overlay that
// mirrors everything or nothing, and a queue that is emptied unread. Started by `fork`; says the tee's environment; asked, what
// the tee counted.
import { PurgeQueueCommand } from "@aws-sdk/client-sqs";
import { createPorts } from "../../adapters/ports-of.ts";
import { noOutcomes } from "../../core/pair/outcome.ts";
import { BaselineFile, OverlayFile, probesOf } from "../../core/sampling/environment.ts";
import { startAws } from "../../local/aws.ts";

export interface AwsJob {
  readonly dataDir: string;
  readonly primary: string;
  readonly candidate: string;
  readonly secondary: string | undefined;
  readonly mirrors: boolean;
}

const BASELINE = "bench-baseline";
const SERVICE = "orders";
const PURGE_MS = 5_000;
const PROBE = { write: { path: "/", body: "{canary}" }, read: { path: "/" } };

const serve = async ({ dataDir, primary, candidate, secondary, mirrors }: AwsJob): Promise<void> => {
  const aws = await startAws({ dataDir });
  const ports = createPorts(aws.adaptersEnv, aws.clients);
  const createdAt = Date.now();
  const baseline = {
    id: BASELINE,
    createdAt,
    file: BaselineFile.parse({ name: BASELINE, services: { [SERVICE]: { url: primary } } }),
  };
  const overlay = {
    id: "bench-overlay",
    baseline: BASELINE,
    createdAt,
    file: OverlayFile.parse({
      name: "bench-overlay",
      services: {
        [SERVICE]: { url: candidate, secondary: secondary === undefined ? "none" : { url: secondary }, probe: PROBE },
      },
      sampling: { match: { methods: ["GET", "POST"] } },
      sideEffects: "suppressed",
    }),
    shadow: { enabled: mirrors },
    run: { id: "bench-run", attempt: 1, startedAt: createdAt, baselineVersion: "old", candidateVersion: "new" },
    revision: 0,
  };
  await ports.catalog.createBaseline(baseline);
  await ports.catalog.createOverlay(overlay);
  for (const { env, run, service, key, sideEffects } of probesOf(baseline, [overlay], SERVICE)) {
    const of = { env, run, service, key, sideEffects, tee: "bench", at: createdAt, tries: 1, nextAt: createdAt };
    await ports.probes.claim({ ...of, state: "passed", reason: "targets that keep nothing" });
  }

  const purge = new PurgeQueueCommand({ QueueUrl: aws.adaptersEnv.SEGMENT_QUEUE_URL });
  setInterval(() => void aws.clients.sqs.send(purge).catch(() => {}), PURGE_MS);

  process.on("message", async () => {
    const [heartbeat] = await ports.tees.heartbeats(BASELINE);
    process.send?.({ outcomes: Object.values(heartbeat?.outcomes ?? {})[0] ?? noOutcomes() });
  });
  process.on("disconnect", () => process.exit(0));
  process.on("SIGTERM", () => process.exit(0));
  process.send?.({ env: { ...aws.env, BASELINE_ID: BASELINE, SERVICE, TEE_ID: "bench", PRIMARY_URL: primary } });
};

const [job] = process.argv.slice(2);
if (process.send !== undefined && job !== undefined) await serve(JSON.parse(job) as AwsJob);
