import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { killSwitchAlarms } from "../../adapters/alarm-names.ts";
import { createKillSwitchAlarms, type KillSwitchAlarms } from "../../adapters/kill-switch-alarms.ts";
import { startAlarms } from "./alarm-server.ts";
import { ROUTE } from "./tee-route.ts";

const NAMES = killSwitchAlarms("shop", "web");
const AT = Date.UTC(2026, 0, 1) / 1_000;

let server: Awaited<ReturnType<typeof startAlarms>>;
let client: CloudWatchClient;
let alarms: KillSwitchAlarms;
beforeEach(async () => {
  server = await startAlarms();
  for (const AlarmName of ["shadowgraph/shop/web/AddedLatency", ...NAMES])
    server.alarms.push({ AlarmName, StateValue: "OK", ActionsEnabled: true, StateTransitionedTimestamp: AT });
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  client = new CloudWatchClient({ region: "eu-central-1", credentials, endpoint: server.endpoint });
  alarms = createKillSwitchAlarms(client);
});
afterEach(async () => {
  client.destroy();
  await server.close();
});

const replace = (name: string, more: Partial<(typeof server.alarms)[number]>) => {
  const at = server.alarms.findIndex(({ AlarmName }) => AlarmName.endsWith(`/${name}`));
  server.alarms[at] = { ...server.alarms[at]!, ...more };
};

test("the alarms of one kill switch are asked for by name, page by page", async () => {
  expect(await alarms.unready(ROUTE)).toEqual([]);
  expect(NAMES).toEqual([
    "shadowgraph/shop/web/TeeSilent",
    "shadowgraph/shop/web/TeeErrors",
    "shadowgraph/shop/web/TeeRefusals",
    "shadowgraph/shop/bypass-web/DeadLetters",
    "shadowgraph/shop/bypass-web/FunctionThrottles",
  ]);
  const asked = { AlarmNames: NAMES, AlarmTypes: ["MetricAlarm"] };
  expect(server.asked).toEqual([asked, { ...asked, NextToken: "2" }, { ...asked, NextToken: "4" }]);
});

test.each([
  ["TeeSilent", { StateValue: "ALARM" }, "is in ALARM since 2026-01-01T00:00:00.000Z"],
  ["FunctionThrottles", { StateValue: "ALARM" }, "is in ALARM since 2026-01-01T00:00:00.000Z"],
  ["TeeErrors", { StateValue: "INSUFFICIENT_DATA" }, "is in INSUFFICIENT_DATA since 2026-01-01T00:00:00.000Z"],
  ["TeeRefusals", { ActionsEnabled: false }, "is OK, but its actions are switched off"],
])("%s that is %j may not close the way", async (name, more, says) => {
  replace(name, more);
  expect(await alarms.unready(ROUTE)).toEqual([{ name: NAMES.find((one) => one.endsWith(name)), says }]);
});

test("an alarm without the time of its state has the one of its last look, or none", async () => {
  const alarm = { AlarmName: NAMES[0]!, StateValue: "ALARM", ActionsEnabled: true };
  server.alarms[1] = { ...alarm, StateUpdatedTimestamp: AT + 60 };
  expect(await alarms.unready(ROUTE)).toMatchObject([{ says: "is in ALARM since 2026-01-01T00:01:00.000Z" }]);
  server.alarms[1] = alarm;
  expect(await alarms.unready(ROUTE)).toMatchObject([{ says: "is in ALARM since a time that is not known" }]);
});

test("an alarm that was deleted is not OK", async () => {
  server.alarms.splice(2, 1);
  expect(await alarms.unready(ROUTE)).toEqual([{ name: NAMES[1], says: "is not there: somebody deleted it" }]);
  server.alarms.length = 0;
  expect((await alarms.unready(ROUTE)).map(({ name }) => name)).toEqual(NAMES);
});

test("a throttled look is tried again; one that is refused is told with what it was for", async () => {
  server.failures.push("ThrottlingException");
  expect(await alarms.unready(ROUTE)).toEqual([]);
  server.failures.push("AccessDeniedException");
  await expect(alarms.unready(ROUTE)).rejects.toMatchObject({
    code: "internal",
    message: "read the alarms of the kill switch before web: AccessDeniedException: refused",
  });
});
