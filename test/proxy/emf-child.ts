// Writes CloudWatch's lines to stdout as a tee does, but every millisecond; asked, says how many it made, and how its event loop fares.

import { TeeMetrics } from "../../proxy/metrics.ts";
import { writeEmf } from "../../proxy/metrics-emf.ts";
import type { Readings } from "../../proxy/readings.ts";

const every = globalThis.setInterval;
globalThis.setInterval = ((act: () => void) => every(act, 1)) as typeof setInterval;

const metrics = new TeeMetrics();
const said = { lines: 0, ticks: 0 };
const rest = {
  outcomes: {},
  loopDelay: { p50Ms: 0, p99Ms: 0, maxMs: 0 },
  connections: 0,
  copyBytes: 0,
  residentBytes: 0,
};
writeEmf({ baseline: "b", service: "s", tee: "t" }, () => {
  said.lines++;
  metrics.events.requests++;
  return { metrics, ...rest } as unknown as Readings;
});
every(() => said.ticks++, 1);
process.on("message", () => process.send?.(said));
process.on("SIGTERM", () => process.exit(0));
process.send?.(said);
