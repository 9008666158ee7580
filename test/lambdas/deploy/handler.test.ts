import type { ScheduledEvent, SQSEvent } from "aws-lambda";
import { parseEnv } from "../../../adapters/env.ts";
import { DeployEnv } from "../../../lambdas/deploy/env.ts";
import { processDeploys } from "../../../lambdas/deploy/process-deploys.ts";
import { baselineFile, deployingUnderTest, overlayFile } from "./deploying-under-test.ts";

const eventOf = (...bodies: readonly string[]): SQSEvent => ({
  Records: bodies.map((body, index) => ({
    messageId: `m-${index}`,
    receiptHandle: "r",
    body,
    attributes: {
      ApproximateReceiveCount: "1",
      SentTimestamp: "1700000000000",
      SenderId: "AIDA",
      ApproximateFirstReceiveTimestamp: "1700000000001",
    },
    messageAttributes: {},
    md5OfBody: "",
    eventSource: "aws:sqs",
    eventSourceARN: "arn:aws:sqs:eu-west-1:1:deploy",
    awsRegion: "eu-west-1",
  })),
});

test("a batch goes on with what it names; a message that says nothing is reported, and stops nothing else", async () => {
  const world = await deployingUnderTest();
  await world.api.call("POST", "/baselines", { file: baselineFile(["web"]) });
  const { body } = await world.api.call("POST", "/overlays", { baseline: "shop", file: overlayFile(["web"]) });
  const event = eventOf(
    "{",
    JSON.stringify({ deploy: body.id }),
    JSON.stringify({ release: "nobody" }),
    '{"deploy":"gone"}',
  );
  const answered = await processDeploys(event, world.sweeping);
  expect(answered.batchItemFailures).toEqual([{ itemIdentifier: "m-0" }]);
  expect((await world.deployment())!.parts.map(({ phase }) => phase)).toEqual(["steady", "steady"]);
  expect(world.queue).toContainEqual({ deploy: body.id });
});

const ENV = {
  TABLE_NAME: "t",
  BUCKET_NAME: "b",
  SEGMENT_QUEUE_URL: "https://sqs/1/s",
  JUDGE_QUEUE_URL: "https://sqs/1/j",
  DEPLOY_QUEUE_URL: "https://sqs/1/d",
  OVERLAY_NAMESPACE_ID: "ns-abc",
  OVERLAY_NAMESPACE_NAME: "overlays.internal",
  OVERLAY_SUBNETS: "subnet-1,subnet-2",
  OVERLAY_SECURITY_GROUP: "sg-1",
  OVERLAY_TASK_ROLE: "arn:aws:iam::111122223333:role/overlays",
};

test("its environment is read once, lists apart", () => {
  expect(parseEnv(DeployEnv, ENV)).toMatchObject({ OVERLAY_SUBNETS: ["subnet-1", "subnet-2"], DEPLOY_LOOK_SECONDS: 5 });
});

test.each([
  ["OVERLAY_SUBNETS", "subnet-1,,", /ids joined by commas/],
  ["OVERLAY_NAMESPACE_ID", "overlays", /ns-0a1b2c/],
  ["OVERLAY_SECURITY_GROUP", "", /sg-0a1b2c/],
  ["OVERLAY_TASK_ROLE", "", /the ARN of a role, or "baseline"/],
  ["OVERLAY_TASK_ROLE", "arn:aws:iam::111122223333:user/ana", /the ARN of a role, or "baseline"/],
])("%s as %s is a fault of the environment", (name, value, message) => {
  expect(() => parseEnv(DeployEnv, { ...ENV, [name]: value })).toThrow(message);
});

test("the handler answers a schedule's event by the sweep and a queue's by its messages", async () => {
  const before = { ...process.env };
  Object.assign(process.env, ENV, { AWS_REGION: "us-east-1", AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" });
  // Nothing listens there: each call ends at once.
  for (const name of ["DYNAMODB", "SQS", "S3", "ECS", "SERVICEDISCOVERY"])
    process.env[`AWS_ENDPOINT_URL_${name}`] = "http://127.0.0.1:9";
  process.env.AWS_MAX_ATTEMPTS = "1";
  const { handler } = await import("../../../lambdas/deploy/handler.ts");
  const schedule: ScheduledEvent = {
    id: "e",
    version: "0",
    account: "1",
    time: "2026-01-01T00:00:00Z",
    region: "eu-west-1",
    resources: ["arn:aws:events:eu-west-1:1:rule/deploy"],
    source: "aws.events",
    "detail-type": "Scheduled Event",
    detail: {},
  };
  await expect(handler(schedule)).rejects.toMatchObject({ code: "unavailable" });
  expect(await handler(eventOf("{"))).toEqual({ batchItemFailures: [{ itemIdentifier: "m-0" }] });
  process.env = before;
});
