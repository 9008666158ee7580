import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { createEvents } from "../../adapters/events.ts";
import type { VerdictChange } from "../../adapters/ports.ts";
import { startEventBus } from "./event-server.ts";

let bus: Awaited<ReturnType<typeof startEventBus>>;
let client: EventBridgeClient;
beforeEach(async () => {
  bus = await startEventBus();
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  client = new EventBridgeClient({ region: "eu-central-1", credentials, endpoint: bus.endpoint });
});
afterEach(async () => {
  client.destroy();
  await bus.close();
});

const change: VerdictChange = {
  at: 1_760_000_000_123,
  run: "run-1",
  verdict: "REGRESSION",
  from: "UNDECIDED",
  number: 2,
  reason: "1 confirmed",
  pairs: 40,
};

test("a changed verdict is one event on the bus, of which docs/events.md tells every field", async () => {
  await createEvents("tools", "shop", client).verdictChanged("pr-7", change);
  expect(bus.entries).toEqual([
    {
      EventBusName: "tools",
      Source: "shadowgraph",
      DetailType: "Shadowgraph verdict changed",
      Time: expect.closeTo(1_760_000_000, -1),
      Detail: JSON.stringify({
        baseline: "shop",
        env: "pr-7",
        run: "run-1",
        from: "UNDECIDED",
        to: "REGRESSION",
        reason: "1 confirmed",
        pairs: 40,
        at: 1_760_000_000_123,
      }),
    },
  ]);
});

test.each([
  ["entry", "InternalFailure", "unavailable", "InternalFailure: try later"],
  ["call", "AccessDeniedException", "internal", "AccessDeniedException: refused"],
] as const)("a refused %s is a fault, also where the call succeeds", async (of, code, expected, message) => {
  bus.failures.push({ of, code });
  await expect(createEvents("tools", "shop", client).verdictChanged("pr-7", change)).rejects.toMatchObject({
    code: expected,
    message: `tell tools of the verdict of pr-7: ${message}`,
  });
  expect(bus.entries).toEqual([]);
});

test("without a bus nobody is told, and nothing fails", async () => {
  await createEvents(undefined, "shop", client).verdictChanged("pr-7", change);
  expect(bus.entries).toEqual([]);
});
