import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { createBypass, NO_LOAD_BALANCER } from "../../adapters/bypass.ts";
import { createWeightedRules, type WeightedRules } from "../../adapters/weighted-rule.ts";
import { startElb } from "./elb-server.ts";
import { memoryAlarms, SILENT } from "./memory-alarms.ts";
import { MATCH, ROUTE } from "./tee-route.ts";

let elb: Awaited<ReturnType<typeof startElb>>;
let rules: WeightedRules;
beforeEach(async () => {
  elb = await startElb();
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  // An endpoint in the environment is any server that speaks as AWS does.
  rules = createWeightedRules(
    new ElasticLoadBalancingV2Client({ region: "eu-central-1", credentials, endpoint: elb.endpoint }),
  );
});
afterEach(() => elb.close());

const weights = () => Object.values(elb.rules.find(({ priority }) => priority === "10")!.weights);
const others = (count: number) => {
  for (let index = 0; index < count; index++)
    elb.rules.push({
      arn: `other-${index}`,
      priority: String(100 + index),
      conditions: "",
      weights: { "arn:other": 1 },
    });
};

test("a rule is made with all of its requests going where they went, and found among others, page by page", async () => {
  others(5);
  expect(await rules.find(ROUTE)).toBeUndefined();
  const made = await rules.create(ROUTE, MATCH, 0);
  expect(weights()).toEqual([0, 100]);
  expect(elb.rules.at(-1)?.conditions).toBe("shop.example.com /api/*");
  expect(await rules.find(ROUTE)).toEqual(made);
  expect(elb.calls.filter(({ action }) => action === "DescribeRules").length).toBe(3 + 3);
});

test("a rule for every host and path has the one condition that a rule must have", async () => {
  await rules.create(ROUTE, { ...MATCH, hosts: [], paths: [] }, 0);
  expect(elb.rules[0]?.conditions).toBe("*");
});

test("a priority that is taken is said, with what to do", async () => {
  elb.rules.push({ arn: "other", priority: "10", conditions: "", weights: {} });
  await expect(rules.create(ROUTE, MATCH, 0)).rejects.toMatchObject({
    code: "conflict",
    message: "priority 10 belongs to another rule of the listener: choose one that is free",
  });
});

test("on sends everything to the baseline, off restores what is configured, and twice is once", async () => {
  const bypass = createBypass([ROUTE], rules, memoryAlarms());
  await rules.create(ROUTE, MATCH, 30);
  const state = { baseline: "shop", service: "web", bypassed: false, teePercent: 30, configuredPercent: 30 };
  const bypassed = { ...state, bypassed: true, teePercent: 0 };
  expect(await bypass.states()).toEqual([state]);
  expect(await bypass.set(true)).toEqual([{ before: state, after: bypassed }]);
  expect(weights()).toEqual([0, 100]);
  const writes = () => elb.calls.filter(({ action }) => action === "ModifyRule").length;
  expect(writes()).toBe(1);
  expect(await bypass.set(true)).toEqual([{ before: bypassed, after: bypassed }]);
  expect(writes()).toBe(1);
  await bypass.set(false, "web");
  expect(weights()).toEqual([30, 70]);
});

test("of several services, a fault of one keeps no other from being bypassed", async () => {
  const other = { ...ROUTE, service: "api", teeTargetGroupArn: `${ROUTE.teeTargetGroupArn}-api` };
  await rules.create(other, { ...MATCH, priority: 10 }, 50);
  await expect(createBypass([ROUTE, other], rules, memoryAlarms()).set(true)).rejects.toMatchObject({
    code: "unavailable",
  });
  expect(weights()).toEqual([0, 100]);
});

describe("an alarm that is not OK, which may not close the way again", () => {
  const REFUSAL = {
    code: "conflict",
    message: expect.stringContaining(
      "shadowgraph/shop/web/TeeSilent is in ALARM since 2026-01-01T00:00:00.000Z (docs/runbook.md#teesilent)",
    ),
  };
  const writes = () => elb.calls.filter(({ action }) => action === "ModifyRule").length;

  test("keeps every service from being opened, and is told by name; closing does not ask for it", async () => {
    const other = { ...ROUTE, service: "api", teeTargetGroupArn: `${ROUTE.teeTargetGroupArn}-api` };
    await rules.create(ROUTE, MATCH, 0);
    await rules.create(other, { ...MATCH, priority: 11 }, 0);
    const alarms = { unready: async ({ service }: typeof ROUTE) => (service === "web" ? [SILENT] : []) };
    const bypass = createBypass([ROUTE, other], rules, alarms);
    await expect(bypass.set(false)).rejects.toMatchObject(REFUSAL);
    expect(writes()).toBe(0);
    expect(await bypass.set(true)).toHaveLength(2);
    expect(await bypass.set(false, "api")).toMatchObject([{ after: { service: "api", teePercent: 30 } }]);
  });

  test("does not keep tees from getting fewer requests, or as many", async () => {
    await rules.create(ROUTE, MATCH, 50);
    const bypass = createBypass([ROUTE], rules, memoryAlarms([SILENT]));
    for (const _twice of [1, 2]) await bypass.set(false);
    expect(weights()).toEqual([30, 70]);
  });

  test("closes the way when it begins while that is opened: it found nothing to close", async () => {
    // Also where a part of the requests came to the tees before: the alarm has closed that by now.
    await rules.create(ROUTE, MATCH, 10);
    await expect(createBypass([ROUTE], rules, memoryAlarms([], [SILENT])).set(false)).rejects.toMatchObject(REFUSAL);
    expect(weights()).toEqual([0, 100]);
    expect(writes()).toBe(2);
  });

  test("is passed over by force alone, also where alarms cannot be read", async () => {
    await rules.create(ROUTE, MATCH, 0);
    const away = { unready: () => Promise.reject(new Error("no CloudWatch")) };
    const bypass = createBypass([ROUTE], rules, away);
    await expect(bypass.set(false)).rejects.toThrow("no CloudWatch");
    expect(weights()).toEqual([0, 100]);
    await bypass.set(false, "web", { isForced: true });
    expect(weights()).toEqual([30, 70]);
  });
});

test("a throttled call is tried again", async () => {
  await rules.create(ROUTE, MATCH, 30);
  elb.failures.push({ action: "ModifyRule", code: "Throttling" });
  await createBypass([ROUTE], rules, memoryAlarms()).set(true);
  expect(weights()).toEqual([0, 100]);
});

test("what cannot be bypassed is said", async () => {
  await expect(createBypass([ROUTE], rules, memoryAlarms()).set(true, "app")).rejects.toMatchObject({
    code: "not-found",
    message: 'no tee stands before a service "app"; there are: web',
  });
  for (const bypass of [NO_LOAD_BALANCER, createBypass([], rules, memoryAlarms())]) {
    await expect(bypass.set(true)).rejects.toMatchObject({ code: "not-allowed" });
    await expect(bypass.states()).rejects.toThrow("no load balancer sends requests to tees here");
  }
});

test("deleting a rule that is gone succeeds", async () => {
  const { arn } = await rules.create(ROUTE, MATCH, 0);
  await rules.remove(arn);
  await rules.remove(arn);
  expect(elb.rules).toEqual([]);
});
