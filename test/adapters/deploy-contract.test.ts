import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  CreateClusterCommand,
  CreateServiceCommand,
  ListTaskDefinitionsCommand,
  RegisterTaskDefinitionCommand,
} from "@aws-sdk/client-ecs";
import { CreatePrivateDnsNamespaceCommand } from "@aws-sdk/client-servicediscovery";
import { createCloudMap } from "../../adapters/cloud-map.ts";
import { createDeployClients } from "../../adapters/deploy-clients.ts";
import { createEcs, type Ecs } from "../../adapters/ecs.ts";
import { createEcsRollouts } from "../../adapters/ecs-rollouts.ts";
import { type LocalCloud, startCloud } from "../../local/cloud/server.ts";

// Every call of adapters/ecs.ts, ecs-rollouts.ts and cloud-map.ts over HTTP, against the handlers of local/, or against an AWS-compatible
// server: SHADOWGRAPH_CONTRACT_ECS_URL and SHADOWGRAPH_CONTRACT_CLOUDMAP_URL name one.
const { SHADOWGRAPH_CONTRACT_ECS_URL: ecsUrl, SHADOWGRAPH_CONTRACT_CLOUDMAP_URL: cloudMapUrl } = process.env;
const unique = Date.now().toString(36);
const CLUSTER = `contract-${unique}`;
const FAMILY = `contract-${unique}-web`;
const folder = mkdtempSync(join(tmpdir(), "shadowgraph-contract-"));

let server: LocalCloud | undefined;
let clients: ReturnType<typeof createDeployClients>;
let ecs: Ecs;
let namespace: string;

beforeAll(async () => {
  if (ecsUrl === undefined || cloudMapUrl === undefined) server = await startCloud(join(folder, "cloud.json"));
  clients = createDeployClients({
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    endpoints: { ecs: ecsUrl ?? server!.url, cloudMap: cloudMapUrl ?? server!.url },
  });
  ecs = createEcs(clients.ecs);
  await clients.ecs.send(new CreateClusterCommand({ clusterName: CLUSTER }));
  const made = await clients.cloudMap.send(
    new CreatePrivateDnsNamespaceCommand({ Name: `${unique}.local`, Vpc: "vpc-1" }),
  );
  const { ListNamespacesCommand } = await import("@aws-sdk/client-servicediscovery");
  const listed = server ? undefined : await clients.cloudMap.send(new ListNamespacesCommand({}));
  namespace = listed?.Namespaces?.find(({ Name }) => Name === `${unique}.local`)?.Id ?? made.OperationId!;
});
afterAll(async () => {
  for (const client of Object.values(clients)) client.destroy();
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

const definition = (image: string) => ({
  family: FAMILY,
  networkMode: "awsvpc" as const,
  requiresCompatibilities: ["FARGATE" as const],
  cpu: "256",
  memory: "512",
  containerDefinitions: [{ name: "app", image, essential: true }],
  tags: [{ key: "shadowgraph:overlay", value: "ov-1" }],
});

const service = (taskDefinition: string, serviceRegistries: { registryArn: string }[] = []) => ({
  cluster: CLUSTER,
  serviceName: "web",
  clientToken: "token-1",
  taskDefinition,
  desiredCount: 1,
  launchType: "FARGATE" as const,
  networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-1"], securityGroups: ["sg-1"] } },
  serviceRegistries,
});

test("a service that is not there is undefined, in a cluster that is and in one that is not", async () => {
  expect(await ecs.service(CLUSTER, "nothing")).toBeUndefined();
  expect(await ecs.service("no-such-cluster", "nothing")).toBeUndefined();
});

test("a task definition that is not there is refused by its name", async () => {
  await expect(ecs.taskDefinition("nothing:1")).rejects.toMatchObject({ name: "ClientException", $fault: "client" });
});

test("scaling and deleting what is not there succeed", async () => {
  await ecs.scaleToZero(CLUSTER, "nothing");
  await ecs.deleteService(CLUSTER, "nothing");
  await ecs.scaleToZero("no-such-cluster", "nothing");
  await ecs.dropTaskDefinitions(`${FAMILY}-nothing`);
});

test("from registering to deleting, each call twice", async () => {
  const cloudMap = createCloudMap(clients.cloudMap, namespace);
  const wanted = { label: "web-candidate-1", token: "token-1", tags: { "shadowgraph:overlay": "ov-1" } };
  const registry = await cloudMap.create(wanted);
  expect(await cloudMap.create(wanted)).toEqual(registry);
  expect(await cloudMap.all()).toEqual([{ ...registry, label: wanted.label, createdAt: expect.any(Number) }]);
  expect(await cloudMap.tags(registry.arn)).toEqual(wanted.tags);

  const arn = await ecs.register(definition("web:2"));
  expect(await ecs.taskDefinitions(FAMILY, "ACTIVE")).toEqual([arn]);
  const { definition: read, tags } = await ecs.taskDefinition(arn);
  expect(read).toMatchObject({ family: FAMILY, cpu: "256", containerDefinitions: [{ image: "web:2" }] });
  expect(tags).toEqual([{ key: "shadowgraph:overlay", value: "ov-1" }]);

  await ecs.createService(service(arn, [{ registryArn: registry.arn }]));
  await ecs.createService(service(arn, [{ registryArn: registry.arn }]));
  for (const end = Date.now() + 20_000; Date.now() < end; await sleep(200))
    if ((await ecs.service(CLUSTER, "web"))?.runningCount === 1) break;
  expect(await ecs.service(CLUSTER, "web")).toMatchObject({ status: "ACTIVE", desiredCount: 1, taskDefinition: arn });
  expect(await ecs.stoppedReasons(CLUSTER, "web")).toEqual([]);

  await ecs.scaleToZero(CLUSTER, "web");
  await ecs.scaleToZero(CLUSTER, "web");
  await ecs.deleteService(CLUSTER, "web");
  await ecs.deleteService(CLUSTER, "web");
  await ecs.dropTaskDefinitions(FAMILY);
  await ecs.dropTaskDefinitions(FAMILY);
  expect(await ecs.taskDefinitions(FAMILY, "ACTIVE")).toEqual([]);
  for (const end = Date.now() + 20_000; Date.now() < end; await sleep(200))
    if (await cloudMap.delete(wanted.label)) break;
  expect(await cloudMap.delete(wanted.label)).toBe(true);
  expect(await cloudMap.all()).toEqual([]);
});

test("another service under a taken name is found by its name: it is ours, changed since", async () => {
  const arn = await ecs.register({ ...definition("web:3"), family: `${FAMILY}-taken` });
  await clients.ecs.send(new CreateServiceCommand({ ...service(arn), serviceName: "taken", desiredCount: 2 }));
  await ecs.createService({ ...service(arn), serviceName: "taken" });
  expect((await ecs.service(CLUSTER, "taken"))?.desiredCount).toBe(2);
});

test("a roll-out is begun, found by what it brings, and rolled back", async () => {
  const rollouts = createEcsRollouts(clients.ecs);
  const family = `${FAMILY}-released`;
  const before = await ecs.register({ ...definition("web:1"), family });
  const after = await ecs.register({ ...definition("web:2"), family });
  const begunAt = Date.now() - 60_000;
  await ecs.createService({ ...service(before), serviceName: "released" });
  await ecs.updateService({
    cluster: CLUSTER,
    service: "released",
    taskDefinition: after,
    deploymentConfiguration: {
      strategy: "ROLLING",
      bakeTimeInMinutes: 1,
      deploymentCircuitBreaker: { enable: true, rollback: true },
      alarms: { alarmNames: ["web-5xx"], enable: true, rollback: true },
    },
  });
  const found = (await rollouts.find(CLUSTER, "released", after, begunAt))!;
  expect(await rollouts.find(CLUSTER, "released", "arn:none", begunAt)).toBeUndefined();
  await rollouts.rollBack(found.serviceDeploymentArn!);
  for (const end = Date.now() + 20_000; Date.now() < end; await sleep(200))
    if ((await rollouts.describe(found.serviceDeploymentArn!))?.status === "ROLLBACK_SUCCESSFUL") break;
  expect((await rollouts.describe(found.serviceDeploymentArn!))?.status).toBe("ROLLBACK_SUCCESSFUL");
  expect((await ecs.service(CLUSTER, "released"))?.taskDefinition).toBe(before);
});

test("lists that come in pages are read whole", async () => {
  const family = `${FAMILY}-many`;
  for (let i = 0; i < 3; i++)
    await clients.ecs.send(new RegisterTaskDefinitionCommand({ ...definition(`web:${i}`), family }));
  const page = await clients.ecs.send(new ListTaskDefinitionsCommand({ familyPrefix: family, maxResults: 1 }));
  expect(page.taskDefinitionArns!.length).toBeGreaterThan(0);
  expect(await ecs.taskDefinitions(family, "ACTIVE")).toHaveLength(3);
  await ecs.dropTaskDefinitions(family);
});
