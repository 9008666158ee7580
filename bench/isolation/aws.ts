// The emulated AWS behind the tees, and the plan's author: the service "mirrored" is mirrored to where it is told to, "healthy"
// to a healthy candidate, "unmirrored" never. Started by `fork`; says the tees' environment; told targets, writes them.
import { createPorts } from "../../adapters/ports-of.ts";
import { BaselineFile, OverlayFile } from "../../core/sampling/environment.ts";
import { startAws } from "../../local/aws.ts";

/** Where the service "mirrored" is mirrored to. */
export interface Lanes {
  readonly candidate: string;
  readonly secondary: string;
  /** All mirrors have one key, and so go one after the other. */
  readonly inOrder?: boolean;
}

const [primary = "", healthy = "", dataDir = ""] = process.argv.slice(2);
const BASELINE = "bench-baseline";
const NAME = "bench-overlay";

const aws = await startAws({ dataDir });
const ports = createPorts(aws.adaptersEnv, aws.clients);
const createdAt = Date.now();
const services = { mirrored: { url: primary }, healthy: { url: primary }, unmirrored: { url: primary } };
await ports.catalog.createBaseline({ id: BASELINE, createdAt, file: BaselineFile.parse({ name: BASELINE, services }) });

const mirroredTo = ({ candidate, secondary }: Lanes) => ({ url: candidate, secondary: { url: secondary } });
const both: Lanes = { candidate: healthy, secondary: healthy };
const fileOf = (lanes: Lanes) =>
  OverlayFile.parse({
    name: NAME,
    services: { mirrored: mirroredTo(lanes), healthy: mirroredTo(both) },
    ...(lanes.inOrder ? { orderBy: { path: "/{all}" } } : {}),
  });
await ports.catalog.createOverlay({
  id: NAME,
  baseline: BASELINE,
  createdAt,
  file: fileOf(both),
  shadow: { enabled: true },
  run: { id: "bench-run", attempt: 1, startedAt: createdAt, baselineVersion: "old", candidateVersion: "new" },
  revision: 0,
});

process.on("message", async (lanes: Lanes) => {
  const overlay = await ports.catalog.overlay(NAME);
  await ports.catalog.putOverlay({ ...overlay, file: fileOf(lanes) });
  process.send?.({});
});
process.send?.({ env: { ...aws.env, BASELINE_ID: BASELINE, PRIMARY_URL: primary } });
process.on("disconnect", () => process.exit(0));
process.on("SIGTERM", () => process.exit(0));
