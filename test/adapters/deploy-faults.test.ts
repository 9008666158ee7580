import { createCloudMap } from "../../adapters/cloud-map.ts";
import { seenIn } from "../../adapters/deploy-fault.ts";
import { createEcs } from "../../adapters/ecs.ts";
import { createEcsRollouts } from "../../adapters/ecs-rollouts.ts";
import { ShadowgraphError } from "../../core/errors.ts";
import { cloudUnderTest, seedBaseline } from "../lambdas/deploy/cloud-under-test.ts";

test("answers in pages are read whole, by ECS's token and by Cloud Map's", async () => {
  const cloud = cloudUnderTest(5_000, 2);
  const cloudMap = createCloudMap(cloud.clients.cloudMap, "ns-1");
  for (const label of ["a", "b", "c", "d", "e"]) await cloudMap.create({ label, token: label, tags: {} });
  expect((await cloudMap.all()).map(({ label }) => label)).toEqual(["a", "b", "c", "d", "e"]);
  expect(await cloudMap.delete("e")).toBe(true);
  await seedBaseline(cloud);
  const ecs = createEcs(cloud.clients.ecs);
  const input = { family: "many", containerDefinitions: [{ name: "app", image: "a:1" }] };
  for (let i = 0; i < 25; i++) await ecs.register(input);
  expect(await ecs.taskDefinitions("many", "ACTIVE")).toHaveLength(25);
  await ecs.dropTaskDefinitions("many");
  expect(await ecs.taskDefinitions("many", "INACTIVE")).toEqual([]);
  const deleted = cloud.bodies.filter(({ target }) => target === "ECS.DeleteTaskDefinitions");
  expect(deleted.map(({ body }) => (body.taskDefinitions as string[]).length)).toEqual([10, 10, 5]);
});

test("a list of failures is a refusal like every other, but for what is missing", async () => {
  const cloud = cloudUnderTest();
  await seedBaseline(cloud);
  const arn = await createEcs(cloud.clients.ecs).register({ family: "x", containerDefinitions: [{ image: "a" }] });
  const lists = createEcs({
    ...cloud.clients.ecs,
    send: async () => ({ services: [], failures: [{ arn, reason: "ACCESS_DENIED", detail: "by a policy" }] }),
  } as never);
  const fault = await lists.service("shop", "web").catch((error: unknown) => error);
  expect(seenIn(fault, "look of web")).toEqual({
    saw: "refused",
    reason: `look of web: EcsRefusal: ACCESS_DENIED for ${arn}: by a policy`,
  });
});

test("a registry of that label made by somebody else's request is told apart from a namespace that is gone", async () => {
  const cloud = cloudUnderTest();
  const cloudMap = createCloudMap(cloud.clients.cloudMap, "ns-1");
  const first = await cloudMap.create({ label: "a", token: "1", tags: {} });
  expect(await cloudMap.create({ label: "a", token: "2", tags: {} })).toEqual(first);
  const gone = createCloudMap(cloud.clients.cloudMap, "ns-2");
  await expect(gone.create({ label: "a", token: "1", tags: {} })).rejects.toMatchObject({ name: "NamespaceNotFound" });
});

test("a roll-out that is not there is undefined, and stopping it is refused", async () => {
  const cloud = cloudUnderTest();
  await seedBaseline(cloud);
  const rollouts = createEcsRollouts(cloud.clients.ecs);
  expect(await rollouts.find("shop", "web", "arn:none", 0)).toBeUndefined();
  expect(await rollouts.describe("arn:none")).toBeUndefined();
  await expect(rollouts.rollBack("arn:none")).rejects.toMatchObject({ name: "ServiceDeploymentNotFoundException" });
});

const named = (name: string, over: object = {}) => Object.assign(new Error("said"), { name, ...over });

test.each([
  ["throttling", named("ThrottlingException", { $fault: "client" }), "busy"],
  ["Cloud Map's throttling", named("RequestLimitExceeded", { $fault: "client" }), "busy"],
  ["a fault of AWS", named("ServerException", { $fault: "server" }), "busy"],
  ["an unknown 503", named("Strange", { $fault: "server", $metadata: { httpStatusCode: 503 } }), "busy"],
  ["a connection that is refused", named("Error", { code: "ECONNREFUSED" }), "busy"],
  ["a name that is not found", named("Error", { code: "ENOTFOUND" }), "busy"],
  ["a time-out", named("TimeoutError"), "busy"],
  ["an update under way", named("UpdateInProgressException", { $fault: "client" }), "busy"],
  [
    "a family that is registered twice at once",
    named("ClientException", {
      message: "Too many concurrent attempts to create a new revision of the specified family.",
    }),
    "busy",
  ],
  ["a client fault", named("ClientException", { $fault: "client" }), "refused"],
  ["a bad parameter", named("InvalidParameterException", { $fault: "client" }), "refused"],
  ["a missing right", named("AccessDeniedException", { $fault: "client" }), "refused"],
  ["a quota", named("LimitExceededException", { $fault: "client" }), "refused"],
])("%s is %s", (_title, error, saw) => {
  expect(seenIn(error, "createService of web")).toMatchObject({ saw });
});

test("a fault of our own is neither: it is thrown on", () => {
  for (const fault of [new TypeError("x"), new ShadowgraphError("internal", "x")])
    expect(() => seenIn(fault, "look")).toThrow(fault);
});
