import { createBypass } from "../../../adapters/bypass.ts";
import { createBypassLog } from "../../../adapters/bypass-log.ts";
import type { Answer } from "../../../lambdas/bypass/answer.ts";
import { type Acting, processEvent } from "../../../lambdas/bypass/process-event.ts";
import { memoryAlarms, SILENT } from "../../adapters/memory-alarms.ts";
import { memoryRules } from "../../adapters/memory-rules.ts";
import { MATCH, ROUTE } from "../../adapters/tee-route.ts";
import { memoryPorts } from "../api/memory-ports.ts";

// The events below have the fields that CloudFormation and CloudWatch send, as their documentation shows them.

const custom = (ResourceType: string, RequestType: string, more: object = {}) => ({
  RequestType,
  ResourceType,
  ServiceToken: "arn:aws:lambda:eu-central-1:111122223333:function:bypass",
  ResponseURL: "https://cloudformation-custom-resource-response.example.com/answer?signature=1",
  StackId: "arn:aws:cloudformation:eu-central-1:111122223333:stack/Shadowgraph-shop/5b918d10",
  RequestId: "9d3f1c0e",
  LogicalResourceId: "FleetswebGateRule",
  ResourceProperties: { ServiceToken: "arn:aws:lambda:…", ServiceTimeout: "180", Match: JSON.stringify(MATCH) },
  ...more,
});
const RULE = `${ROUTE.listenerArn.replace(":listener/", ":listener-rule/")}/1`;
const alarm = (value: string) => ({
  source: "aws.cloudwatch",
  alarmArn: "arn:aws:cloudwatch:eu-central-1:111122223333:alarm:shadowgraph/shop/web/TeeSilent",
  accountId: "111122223333",
  time: "2026-01-01T00:00:00.000+0000",
  region: "eu-central-1",
  alarmData: {
    alarmName: "shadowgraph/shop/web/TeeSilent",
    state: {
      value,
      reason: "Threshold Crossed: no datapoints were received",
      timestamp: "2026-01-01T00:00:00.000+0000",
    },
    previousState: { value: "OK" },
    configuration: { metrics: [] },
  },
});

const acting = (teePercent?: number, alarms = memoryAlarms()) => {
  const rules = memoryRules(teePercent);
  const ports = memoryPorts();
  const answers: Answer[] = [];
  const faults: unknown[] = [];
  const waits: number[] = [];
  let count = 0;
  const all: Acting = {
    route: ROUTE,
    rules,
    bypass: createBypass([ROUTE], rules, alarms),
    log: (who) =>
      createBypassLog(ports, {
        who,
        now: () => 1_000,
        newId: (prefix) => `${prefix}-${++count}`,
        onFault: (error) => void faults.push(error),
      }),
    now: () => waits.reduce((sum, ms) => sum + ms, 0),
    wait: async (ms) => void waits.push(ms),
    onFault: (error) => void faults.push(error),
    answer: async (_request, answer) => void answers.push(answer),
  };
  return {
    rules,
    ports,
    answers,
    faults,
    waits,
    tee: async () => (await rules.find(ROUTE))?.teePercent,
    send: (event: unknown, over: Partial<Acting> = {}) => processEvent(event, { ...all, ...over }),
  };
};

test("a new stack makes the rule with nothing sent to the tees, and opens it once they stand", async () => {
  const { send, tee, answers } = acting();
  await send(custom("Custom::TeeRule", "Create"));
  expect(await tee()).toBe(0);
  await send(custom("Custom::TeeOpening", "Create"));
  expect(await tee()).toBe(30);
  expect(answers).toEqual([
    { Status: "SUCCESS", PhysicalResourceId: RULE },
    { Status: "SUCCESS", PhysicalResourceId: "FleetswebGateRule-web" },
  ]);
});

test("the first opening waits until every alarm is OK: they are there before the tees are heard", async () => {
  const { send, tee, answers, waits } = acting(0, memoryAlarms([SILENT], [SILENT], []));
  await send(custom("Custom::TeeOpening", "Create"));
  expect(waits).toEqual([10_000, 10_000]);
  expect(await tee()).toBe(30);
  expect(answers).toMatchObject([{ Status: "SUCCESS" }]);
});

test("a first opening whose alarms do not become OK fails within five minutes, with their names, and opens nothing", async () => {
  const { send, tee, answers, ports, waits } = acting(0, memoryAlarms([SILENT]));
  await send(custom("Custom::TeeOpening", "Create"));
  expect(waits).toHaveLength(30);
  expect(await tee()).toBe(0);
  expect(answers).toMatchObject([{ Status: "FAILED", Reason: expect.stringContaining(`${SILENT.name} is in ALARM`) }]);
  expect(await ports.audit.entries("shop")).toEqual([]);
});

test("what no waiting cures ends the first opening at once", async () => {
  const alarms = { unready: () => Promise.reject(new Error("AccessDenied")) };
  const { send, tee, answers, waits } = acting(0, alarms);
  await send(custom("Custom::TeeOpening", "Create"));
  expect([waits, await tee()]).toEqual([[], 0]);
  expect(answers).toMatchObject([{ Status: "FAILED", Reason: "AccessDenied" }]);
});

test("an alarm closes the way without looking at the others, and so does the end of the stack", async () => {
  for (const event of [alarm("ALARM"), custom("Custom::TeeOpening", "Delete")]) {
    const { send, tee } = acting(30, { unready: () => Promise.reject(new Error("must not be asked")) });
    await send(event);
    expect(await tee()).toBe(0);
  }
});

describe.each([0, 7, 30, 100])("a later deploy, while the tees get %i %%", (percent) => {
  test.each(["Custom::TeeRule", "Custom::TeeOpening"])("leaves it so (%s)", async (type) => {
    const { send, tee, answers, ports } = acting(percent);
    const Match = JSON.stringify({ ...MATCH, priority: 11 });
    await send(custom(type, "Update", { PhysicalResourceId: RULE, ResourceProperties: { Match } }));
    expect(await tee()).toBe(percent);
    expect(answers).toMatchObject([{ Status: "SUCCESS" }]);
    expect(await ports.audit.entries("shop")).toEqual([]);
  });
});

test("other targets of the baseline get the requests that the ones before got", async () => {
  const { send, rules } = acting(7);
  const route = { ...ROUTE, baselineTargetGroupArn: `${ROUTE.baselineTargetGroupArn}-new` };
  await send(custom("Custom::TeeRule", "Update", { PhysicalResourceId: RULE }), { route });
  expect(await rules.find(route)).toMatchObject({
    teePercent: 7,
    targetGroupArns: [ROUTE.teeTargetGroupArn, `${ROUTE.baselineTargetGroupArn}-new`],
  });
});

test("a listener cannot become another: its rule would be left behind", async () => {
  const { send, answers } = acting();
  const route = { ...ROUTE, listenerArn: ROUTE.listenerArn.replace("0467", "9999") };
  await send(custom("Custom::TeeRule", "Update", { PhysicalResourceId: RULE }), { route });
  const Reason = expect.stringContaining("the listener of a service cannot change");
  expect(answers).toEqual([{ Status: "FAILED", PhysicalResourceId: RULE, Reason }]);
});

test("a creation that is asked for twice makes one rule, and what is bypassed stays so", async () => {
  const { send, tee } = acting(0);
  await send(custom("Custom::TeeRule", "Create"));
  expect(await tee()).toBe(0);
});

test("a stack that is taken down closes the way before the tees go, then deletes the rule", async () => {
  const { send, tee, rules } = acting(30);
  await send(custom("Custom::TeeOpening", "Delete", { PhysicalResourceId: "FleetswebGateRule-web" }));
  expect(await tee()).toBe(0);
  const PhysicalResourceId = "arn:aws:elasticloadbalancing:eu-central-1:1:listener-rule/app/shop/50dc/0467/9";
  await send(custom("Custom::TeeRule", "Delete", { PhysicalResourceId }));
  expect(await rules.find(ROUTE)).toBeUndefined();
});

test("the remains of a failed creation can be deleted", async () => {
  const { send, answers } = acting();
  await send(custom("Custom::TeeOpening", "Delete", { PhysicalResourceId: "FleetswebGateRule-failed" }));
  await send(custom("Custom::TeeRule", "Delete", { PhysicalResourceId: "FleetswebGateRule-failed" }));
  expect(answers.map(({ Status }) => Status)).toEqual(["SUCCESS", "SUCCESS"]);
});

test("an alarm takes the tees out of the path, and says so in the audit; its end puts nothing back", async () => {
  const { send, tee, ports } = acting(30);
  await send(alarm("ALARM"));
  expect(await tee()).toBe(0);
  await send(alarm("OK"));
  await send(alarm("ALARM"));
  expect(await tee()).toBe(0);
  expect(await ports.audit.entries("shop")).toEqual([
    {
      at: 1_000,
      id: "audit-1-web",
      who: "alarm shadowgraph/shop/web/TeeSilent",
      what: "bypass",
      before: expect.objectContaining({ service: "web", bypassed: false, teePercent: 30 }),
      after: expect.objectContaining({ service: "web", bypassed: true, teePercent: 0 }),
    },
  ]);
});

test("an alarm whose action fails is tried again by Lambda; one that only cannot be written is not", async () => {
  const { send, tee, faults, ports } = acting(30);
  const failing = {
    ...createBypass([ROUTE], memoryRules(30), memoryAlarms()),
    set: () => Promise.reject(new Error("throttled")),
  };
  await expect(send(alarm("ALARM"), { bypass: failing })).rejects.toThrow("throttled");
  ports.audit.append = () => Promise.reject(new Error("no table"));
  await send(alarm("ALARM"));
  expect(await tee()).toBe(0);
  expect(faults).toMatchObject([{ message: "no table" }, { message: "no table" }]);
});

test("CloudFormation is always answered, with the reason where it failed", async () => {
  const { send, answers } = acting();
  await send(custom("Custom::TeeOpening", "Create"));
  expect(answers).toEqual([
    {
      Status: "FAILED",
      PhysicalResourceId: "FleetswebGateRule-failed",
      Reason: expect.stringContaining("the listener has no rule for the tees before web"),
    },
  ]);
});

test("what dies between turning and noting leaves an entry that is begun; a store that hangs holds nobody up", async () => {
  const { send, tee, ports } = acting(30);
  const { append } = ports.audit;
  ports.audit.append = (env, entry) => (entry.begun ? append(env, entry) : Promise.reject(new Error("died")));
  await send(alarm("ALARM"));
  expect(await ports.audit.entries("shop")).toMatchObject([{ what: "bypass", begun: true, after: { bypassed: true } }]);
  const hanging = acting(30);
  const audit = hanging.ports.audit;
  let answer = (): void => {};
  const hung = new Promise<void>((done) => {
    answer = done;
  });
  audit.append = () => hung;
  const sent = hanging.send(alarm("ALARM"));
  while ((await hanging.tee()) !== 0) await new Promise((done) => setTimeout(done, 50));
  answer();
  await sent;
  expect(await tee()).toBe(0);
});
