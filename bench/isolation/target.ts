// The target with the fault, in a process of its own. Started by `fork`; says its port; told a fault, shows it; told none, heals.
import { bodyOf } from "../tee/load.ts";
import { type FaultName, faultsOf } from "./faults.ts";
import { FaultyTarget } from "./faulty-target.ts";

export const BENCH_FAULTS = faultsOf({ lateMs: 2_000, dripMs: 1_000 });

/** What it is told; answered with how much it has answered rightly so far. */
export type TargetRequest =
  | { readonly tell: "fault"; readonly name: FaultName }
  | { readonly tell: "heal" | "nothing" };

const answerTo = (head: string): string => {
  const body = bodyOf(Number(/\/orders\/(\d+)/.exec(head)?.[1]), "old");
  return `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
};

const serve = async (): Promise<void> => {
  const target = await new FaultyTarget(answerTo).start();
  process.on("message", async (request: TargetRequest) => {
    if (request.tell === "fault") await target.show(BENCH_FAULTS[request.name]);
    if (request.tell === "heal") await target.heal();
    process.send?.({ answered: target.answered });
  });
  process.on("disconnect", () => process.exit(0));
  process.send?.({ port: target.port });
};

if (process.send !== undefined) await serve();
