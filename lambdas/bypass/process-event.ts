import type { BypassChange } from "../../adapters/bypass.ts";
import type { Answer, answerTo } from "./answer.ts";
import { type AlarmEvent, BypassEvent, type ResourceRequest } from "./events.ts";
import { carryOut, type Resources } from "./tee-resources.ts";

export interface Acting extends Resources {
  /** Writes into the audit. */
  record(changes: readonly BypassChange[], who: string): Promise<void>;
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
  await note(await acting.bypass.set(true, acting.route.service), `alarm ${alarmName}`, acting);
};

const serve = async (request: ResourceRequest, acting: Acting): Promise<void> => {
  await acting.answer(request, await outcomeOf(request, acting));
};

const outcomeOf = async (request: ResourceRequest, acting: Acting): Promise<Answer> => {
  try {
    const { id, changes } = await carryOut(request, acting);
    await note(changes, `stack ${request.StackId.split("/")[1] ?? request.StackId}`, acting);
    return { Status: "SUCCESS", PhysicalResourceId: id };
  } catch (error) {
    acting.onFault(error);
    const Reason = error instanceof Error ? error.message : String(error);
    const { PhysicalResourceId = `${request.LogicalResourceId}-failed` } = request;
    return { Status: "FAILED", PhysicalResourceId, Reason };
  }
};

/** The tee is out of the path by now: that this could not be written must not look as if it were not. */
const note = async (changes: readonly BypassChange[], who: string, acting: Acting): Promise<void> => {
  try {
    await acting.record(changes, who);
  } catch (error) {
    acting.onFault(error);
  }
};
