import { setTimeout as sleep } from "node:timers/promises";
import { startAdmin } from "./admin.ts";
import { parseTeeEnv, type TeeEnv } from "./env.ts";
import { Handover } from "./handover.ts";
import { log, outliveLog } from "./log.ts";
import { marksWith } from "./marks.ts";
import type { ShipperStart } from "./messages.ts";
import { writeEmf } from "./metrics-emf.ts";
import { toldBy } from "./metrics-text.ts";
import { Tee } from "./tee.ts";

/** Callers are served without a plan as well; a parent is kept waiting no longer than this. */
const FIRST_PLAN_WITHIN_MS = 3_000;

const readEnv = (): TeeEnv => {
  try {
    return parseTeeEnv(process.env);
  } catch (error) {
    log("error", "the tee cannot start", { error });
    return process.exit(2);
  }
};

/** Runs a tee configured by its environment until SIGTERM or SIGINT, then drains and exits. */
export const main = async (): Promise<void> => {
  outliveLog();
  const env = readEnv();
  const { TEE_ID: tee, limits } = env;
  const epoch = Date.now().toString(36);
  const { PRIMARY_URL: primaryUrl, BASELINE_ID: baseline, SERVICE: service, SHADOWGRAPH_MARK_KEY: markKey } = env;
  const start: ShipperStart = { tee, epoch, baseline, service, primaryUrl, markKey, limits, nextSeq: {} };
  const idPrefix = `${tee}-${epoch}`;
  const proxy = new Tee(
    { primaryUrl, idPrefix, limits, marks: marksWith(markKey, idPrefix, Date.now) },
    (shared, events) => new Handover(start, shared, events),
  );
  process.on("uncaughtException", (error) => proxy.failOpen(error));
  let isDraining = false;
  const drain = async () => {
    if (isDraining) return;
    isDraining = true;
    await proxy.drain();
    process.exit(0);
  };
  // Before anything is waited for: an end that comes while the tee starts must end it as well.
  process.on("SIGTERM", drain);
  process.on("SIGINT", drain);
  // The parent is gone: nobody would ever stop this process.
  process.on("disconnect", drain);
  try {
    const port = await proxy.listen(env.PORT, env.HOST);
    const read = () => proxy.read();
    if (env.ADMIN_PORT !== undefined) await startAdmin(env.ADMIN_PORT, env.ADMIN_HOST, toldBy(read));
    if (env.METRICS === "emf") writeEmf({ baseline, service, tee }, read);
    // Told once requests are mirrored too, so that whoever waits for it sees its first request sampled.
    await Promise.race([proxy.firstPlan, sleep(FIRST_PLAN_WITHIN_MS)]);
    process.send?.({ type: "listening", port });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : "unknown";
    process.send?.({ type: "failed", code, port: env.PORT });
    log("error", "the tee cannot listen", { port: env.PORT, adminPort: env.ADMIN_PORT, code });
    process.exit(1);
  }
};

void main();
