import type { BypassChange } from "../../adapters/bypass.ts";
import type { BypassLog } from "../../adapters/bypass-log.ts";
import type { Answer, answerTo } from "./answer.ts";
import { type AlarmEvent, BypassEvent, type ResourceRequest } from "./events.ts";
import { carryOut, type Resources } from "./tee-resources.ts";

export interface Acting extends Resources {
  /** The audit of one turn. */
  log(who: string): BypassLog;
  onFault(error: unknown): void;
  readonly answer: typeof answerTo;
}

/** An alarm bypasses the tee; a stack asks for its rule. @throws what an alarm's action met, so that it is tried again */
export const processEvent = async (event: unknown, acting: Acting): Promise<void> => {
  const parsed = BypassEvent.parse(event);
  return "alarmData" in parsed ? obey(parsed, acting) : serve(parsed, acting);
};

const obey = async ({ alarmData: { alarmName, state } }: AlarmEvent, acting: Acting): Promise<void> => {
  // The end of an alarm puts nothing back: whoever looked at its cause does.
  if (state.value !== "ALARM") return;
  const log = acting.log(`alarm ${alarmName}`);
  await note(await acting.bypass.set(true, acting.route.service, { beforeTurning: log.begin }), log, acting);
};

const serve = async (request: ResourceRequest, acting: Acting): Promise<void> => {
  await acting.answer(request, await outcomeOf(request, acting));
};

const outcomeOf = async (request: ResourceRequest, acting: Acting): Promise<Answer> => {
  try {
    const log = acting.log(`stack ${request.StackId.split("/")[1] ?? request.StackId}`);
    const { id, changes } = await carryOut(request, acting, log);
    await note(changes, log, acting);
    return { Status: "SUCCESS", PhysicalResourceId: id };
  } catch (error) {
    acting.onFault(error);
    const Reason = error instanceof Error ? error.message : String(error);
    const { PhysicalResourceId = `${request.LogicalResourceId}-failed` } = request;
    return { Status: "FAILED", PhysicalResourceId, Reason };
  }
};

/** The tee is out of the path by now: that this could not be written must not look as if it were not. */
const note = async (changes: readonly BypassChange[], log: BypassLog, acting: Acting): Promise<void> => {
  try {
    await log.end(changes);
  } catch (error) {
    acting.onFault(error);
  }
};
