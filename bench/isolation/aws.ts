// The emulated AWS behind both tees, and the plan's author: the service "mirrored" is mirrored to where it is told to, the
// service "unmirrored" never. Started by `fork`; says the tees' environment; told targets, writes them; asked, what the tee counted.
import { createPorts } from "../../adapters/ports-of.ts";
import { noOutcomes, type OutcomeCounts } from "../../core/pair/outcome.ts";
import { BaselineFile, OverlayFile } from "../../core/sampling/environment.ts";
import { startAws } from "../../local/aws.ts";

/** What it is asked. */
export type AwsRequest =
  | { readonly ask: "plan"; readonly candidate: string; readonly secondary: string }
  | { readonly ask: "counts" };
export type Counts = OutcomeCounts;

const [url = "", dataDir = ""] = process.argv.slice(2);
const BASELINE = "bench-baseline";
const NAME = "bench-overlay";

const aws = await startAws({ dataDir });
const ports = createPorts(aws.adaptersEnv, aws.clients);
const createdAt = Date.now();
const services = { mirrored: { url }, unmirrored: { url } };
await ports.catalog.createBaseline({ id: BASELINE, createdAt, file: BaselineFile.parse({ name: BASELINE, services }) });

const fileOf = (candidate: string, secondary: string) =>
  OverlayFile.parse({ name: NAME, services: { mirrored: { url: candidate, secondary: { url: secondary } } } });
await ports.catalog.createOverlay({
  id: NAME,
  baseline: BASELINE,
  createdAt,
  file: fileOf(url, url),
  shadow: { enabled: true },
  run: { id: "bench-run", attempt: 1, startedAt: createdAt, baselineVersion: "old", candidateVersion: "new" },
  revision: 0,
});

const counts = async (): Promise<Counts> => {
  const beats = await ports.tees.heartbeats(BASELINE);
  const outcomes = beats.find(({ tee }) => tee === "mirrored")?.outcomes ?? {};
  return Object.values(outcomes)[0] ?? noOutcomes();
};

process.on("message", async (request: AwsRequest) => {
  if (request.ask === "counts") return void process.send?.(await counts());
  const overlay = await ports.catalog.overlay(NAME);
  await ports.catalog.putOverlay({ ...overlay, file: fileOf(request.candidate, request.secondary) });
  process.send?.({});
});
process.send?.({ env: { ...aws.env, BASELINE_ID: BASELINE, PRIMARY_URL: url } });
process.on("disconnect", () => process.exit(0));
process.on("SIGTERM", () => process.exit(0));
