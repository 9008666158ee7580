import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { createDeployQueue, readDeployMessage } from "../../adapters/deployments.ts";
import { Deployment } from "../../core/deploy/deployment.ts";
import { Release } from "../../core/release/release.ts";
import { type AwsStack, startStack } from "./aws-stack.ts";

let stack: AwsStack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const deploymentOf = (env: string, step = 1): Deployment =>
  Deployment.parse({
    env,
    name: env,
    generation: 1,
    goal: "running",
    expiresAt: 1,
    parts: [],
    fingerprint: "f",
    published: false,
    step,
    at: step,
  });

test("a deployment is written once at each step, and of two at the same step one wins", async () => {
  const { deployments } = stack.ports;
  expect(await deployments.of("ov-1")).toBeUndefined();
  const both = await Promise.all([deployments.put(deploymentOf("ov-1")), deployments.put(deploymentOf("ov-1"))]);
  expect(both.toSorted()).toEqual([false, true]);
  expect(await deployments.put(deploymentOf("ov-1", 3))).toBe(false);
  expect(await deployments.put(deploymentOf("ov-1", 2))).toBe(true);
  expect(await deployments.of("ov-1")).toEqual(deploymentOf("ov-1", 2));
  await deployments.put(deploymentOf("ov-2"));
  expect((await deployments.all()).map(({ env }) => env)).toEqual(["ov-1", "ov-2"]);
  await deployments.delete("ov-1");
  await deployments.delete("ov-1");
  expect(await deployments.put(deploymentOf("ov-1", 3))).toBe(false);
});

const run = { id: "run-1", attempt: 1, startedAt: 1, baselineVersion: "1", candidateVersion: "2" };
const releaseOf = (id: string, at: number, step: number, phase: string): Release =>
  Release.parse({
    id,
    env: "ov-1",
    name: "pr-7",
    baseline: "bl-1",
    version: "2",
    who: "ana",
    at,
    evidence: { run, verdict: "SAFE", reason: "r", pairs: 1, needed: 0, attempts: 1, tolerance: 0.001 },
    because: null,
    parts: [{ service: "web", place: { cluster: "c", service: "s", port: 1 }, change: {}, phase, since: at }],
    step,
    changedAt: at,
  });

test("the latest release is found, also after others; it is open until it has ended", async () => {
  const { releases } = stack.ports;
  expect(await releases.latest("ov-1")).toBeUndefined();
  expect(await releases.put(releaseOf("release-b", 5, 1, "register"))).toBe(true);
  expect(await releases.put(releaseOf("release-b", 5, 1, "register"))).toBe(false);
  expect(await releases.open()).toEqual(["ov-1"]);
  expect(await releases.put(releaseOf("release-b", 5, 2, "released"))).toBe(true);
  expect(await releases.open()).toEqual([]);
  await releases.put(releaseOf("release-a", 10, 1, "register"));
  expect((await releases.latest("ov-1"))?.id).toBe("release-a");
  await releases.close("ov-1");
  expect(await releases.open()).toEqual([]);
});

test.each([{ deploy: "ov-1" }, { release: "ov-1" }])("%j is read as it was asked", async (message) => {
  const QueueUrl = stack.variables.DEPLOY_QUEUE_URL!;
  await createDeployQueue(stack.clients.sqs, QueueUrl).ask(message);
  const { Messages } = await stack.clients.sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 1 }));
  expect(readDeployMessage(Messages![0]!.Body!)).toEqual(message);
});

test.each(["{", "[]", '{"deploy":""}', '{"deploy":"a","release":"b"}'])("a message that is %s is refused", (body) => {
  expect(() => readDeployMessage(body)).toThrow(expect.objectContaining({ code: "invalid-input" }));
});
