import { startAdmin } from "../proxy/admin.ts";
import { log, outliveLog } from "../proxy/log.ts";
import { type GuardEnv, parseGuardEnv } from "./env.ts";
import { Guard } from "./guard.ts";

const readEnv = (): GuardEnv => {
  try {
    return parseGuardEnv(process.env);
  } catch (error) {
    log("error", "the guard cannot start", { error });
    return process.exit(2);
  }
};

/** Runs a guard configured by its environment until SIGTERM or SIGINT, then drains and exits. */
export const main = async (): Promise<void> => {
  outliveLog();
  const env = readEnv();
  const guard = new Guard(env);
  // The baseline calls through this process: it must not end for a fault in one call.
  process.on("uncaughtException", guard.fault);
  let isDraining = false;
  const drain = async () => {
    if (isDraining) return;
    isDraining = true;
    await guard.drain();
    process.exit(0);
  };
  process.on("SIGTERM", drain);
  process.on("SIGINT", drain);
  // The parent is gone: nobody would ever stop this process.
  process.on("disconnect", drain);
  try {
    const ports = await guard.listen();
    if (env.ADMIN_PORT !== undefined) await startAdmin(env.ADMIN_PORT, env.ADMIN_HOST, guard);
    log("info", "the guard stands", { ...ports });
    process.send?.({ type: "guarding", ports });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : "unknown";
    const port = error instanceof Error && "port" in error ? error.port : undefined;
    process.send?.({ type: "failed", code, port });
    log("error", "the guard cannot listen", { port, code });
    process.exit(1);
  }
};

void main();
