// The emulated AWS behind the tee, in a process of its own so that its CPU is not the tee's: a baseline, an overlay that
// mirrors everything, and nobody who reads the queue. Started by `fork`; says the tee's environment; asked, what the tee counted.
import { createPorts } from "../../adapters/ports-of.ts";
import { BaselineFile, OverlayFile } from "../../core/sampling/environment.ts";
import { startAws } from "../../local/aws.ts";

const [primaryUrl = "", candidateUrl = "", dataDir = ""] = process.argv.slice(2);
const BASELINE = "bench-baseline";
const SERVICE = "orders";

const aws = await startAws({ dataDir });
const ports = createPorts(aws.adaptersEnv, aws.clients);
const createdAt = Date.now();
await ports.catalog.createBaseline({
  id: BASELINE,
  createdAt,
  file: BaselineFile.parse({ name: BASELINE, services: { [SERVICE]: { url: primaryUrl } } }),
});
await ports.catalog.createOverlay({
  id: "bench-overlay",
  baseline: BASELINE,
  createdAt,
  file: OverlayFile.parse({
    name: "bench-overlay",
    services: { [SERVICE]: { url: candidateUrl, secondary: "none" } },
  }),
  shadow: { enabled: true },
  run: { id: "bench-run", attempt: 1, startedAt: createdAt, baselineVersion: "old", candidateVersion: "new" },
  revision: 0,
});

process.send?.({ env: { ...aws.env, BASELINE_ID: BASELINE, SERVICE, TEE_ID: "bench", PRIMARY_URL: primaryUrl } });
process.on("message", async () => {
  const [heartbeat] = await ports.tees.heartbeats(BASELINE);
  process.send?.({ outcomes: Object.values(heartbeat?.outcomes ?? {})[0] ?? {} });
});
process.on("disconnect", () => process.exit(0));
process.on("SIGTERM", () => process.exit(0));
