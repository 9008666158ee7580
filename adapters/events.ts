import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { calling } from "./fault.ts";
import type { Events, VerdictChange } from "./ports.ts";
import { requestHandler } from "./request-handler.ts";

export const EVENT_SOURCE = "shadowgraph";
export const VERDICT_CHANGED = "Shadowgraph verdict changed";

/** The `detail` of the event: docs/events.md. */
export const detailOf = (baseline: string, env: string, { from, verdict, run, reason, pairs, at }: VerdictChange) => ({
  baseline,
  env,
  run,
  from,
  to: verdict,
  reason,
  pairs,
  at,
});

/** Short: judge has more to do, and tells again what could not be told. */
const SETTINGS = { requestHandler: { ...requestHandler, requestTimeout: 3_000 }, maxAttempts: 2 };

const NOBODY: Events = { verdictChanged: async () => {} };

/** Of an EventBridge bus; where none is named, nobody listens. */
export const createEvents = (
  bus: string | undefined,
  baseline: string,
  client?: Pick<EventBridgeClient, "send">,
): Events => (bus === undefined ? NOBODY : eventsOf(bus, baseline, client ?? new EventBridgeClient(SETTINGS)));

const eventsOf = (bus: string, baseline: string, client: Pick<EventBridgeClient, "send">): Events => ({
  verdictChanged: (env, change) =>
    calling(`tell ${bus} of the verdict of ${env}`, async () => {
      const entry = {
        EventBusName: bus,
        Source: EVENT_SOURCE,
        DetailType: VERDICT_CHANGED,
        Time: new Date(change.at),
        Detail: JSON.stringify(detailOf(baseline, env, change)),
      };
      const { Entries = [] } = await client.send(new PutEventsCommand({ Entries: [entry] }));
      // The call succeeds even where an entry of it was refused.
      const [{ ErrorCode: name, ErrorMessage: message } = {}] = Entries;
      if (name !== undefined) throw Object.assign(new Error(message), { name });
    }),
});
