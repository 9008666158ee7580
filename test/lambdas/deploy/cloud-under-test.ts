import {
  CreateClusterCommand,
  CreateServiceCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
} from "@aws-sdk/client-ecs";
import { ServiceDiscoveryClient } from "@aws-sdk/client-servicediscovery";
import type { DeployClients } from "../../../adapters/deploy-clients.ts";
import { answer } from "../../../local/cloud/answer.ts";
import { type Cloud, emptyState } from "../../../local/cloud/state.ts";

export interface CloudUnderTest extends Cloud {
  now(): number;
  readonly clock: { now: number };
  /** What each image becomes; `runs` where left out. */
  readonly fates: Record<string, ReturnType<Cloud["fateOf"]>>;
  readonly alarming: Set<string>;
  readonly clients: DeployClients;
  /** Every call so far: `ECS.CreateService`. */
  readonly calls: string[];
  readonly bodies: { readonly target: string; readonly body: Record<string, unknown> }[];
  /** Asked before and after each call, which waits for it; what it throws ends the call. */
  hook: ((when: "before" | "after", call: string) => void | Promise<void>) | undefined;
  /** Answers in place of the cloud: a status, and an error by its name. */
  refuse: ((call: string) => Refusal | undefined) | undefined;
}

export interface Refusal {
  readonly status: number;
  readonly name: string;
  readonly message: string;
}

interface Request {
  readonly headers: Record<string, string>;
  readonly body: Uint8Array | string;
}

const SETTINGS = { region: "us-east-1", credentials: { accessKeyId: "test", secretAccessKey: "test" } };

/** ECS and Cloud Map in this process, behind the real clients. */
export const cloudUnderTest = (stepMs = 5_000, pageSize = 100): CloudUnderTest => {
  const clock = { now: 1_700_000_000_000 };
  const handle = async (request: Request) => {
    const target = request.headers["x-amz-target"]!;
    const call = target
      .replace("AmazonEC2ContainerServiceV20141113", "ECS")
      .replace("Route53AutoNaming_v20170314", "CloudMap");
    await cloud.hook?.("before", call);
    cloud.calls.push(call);
    const body = typeof request.body === "string" ? request.body : new TextDecoder().decode(request.body);
    cloud.bodies.push({ target: call, body: JSON.parse(body) });
    const refused = cloud.refuse?.(call);
    const answered = refused
      ? { status: refused.status, body: JSON.stringify({ __type: refused.name, message: refused.message }) }
      : answer(target, body, cloud);
    await cloud.hook?.("after", call);
    return { response: { statusCode: answered.status, headers: {}, body: Buffer.from(answered.body) } };
  };
  const signer = { sign: async <T>(request: T): Promise<T> => request };
  const client = { ...SETTINGS, signer: signer as never, requestHandler: { handle } as never, maxAttempts: 1 };
  const cloud: CloudUnderTest = {
    state: emptyState(),
    clock,
    now: () => clock.now,
    fates: {},
    alarming: new Set(),
    fateOf: (image) => cloud.fates[image] ?? "runs",
    alarmsFor: (image) => cloud.alarming.has(image),
    stepMs,
    pageSize,
    clients: { ecs: new ECSClient(client), cloudMap: new ServiceDiscoveryClient(client) },
    calls: [],
    bodies: [],
    hook: undefined,
    refuse: undefined,
  };
  cloud.state.namespaces["ns-1"] = { id: "ns-1", name: "overlays.internal" };
  return cloud;
};

/** A Fargate service of the baseline with a side car, secrets, roles, a volume and a log. */
export const seedBaseline = async ({ clients: { ecs } }: CloudUnderTest, service = "web"): Promise<void> => {
  await ecs.send(new CreateClusterCommand({ clusterName: "shop" }));
  await ecs.send(
    new RegisterTaskDefinitionCommand({
      family: `shop-${service}`,
      networkMode: "awsvpc",
      requiresCompatibilities: ["FARGATE"],
      cpu: "512",
      memory: "1024",
      taskRoleArn: "arn:aws:iam::1:role/task",
      executionRoleArn: "arn:aws:iam::1:role/execution",
      runtimePlatform: { cpuArchitecture: "ARM64", operatingSystemFamily: "LINUX" },
      volumes: [{ name: "scratch" }],
      containerDefinitions: [
        {
          name: "app",
          image: `shop/${service}:1`,
          essential: true,
          portMappings: [{ containerPort: 8080, protocol: "tcp" }],
          environment: [
            { name: "MODE", value: "live" },
            { name: "REGION", value: "eu" },
          ],
          secrets: [{ name: "DB_PASSWORD", valueFrom: "arn:aws:secretsmanager:eu-west-1:1:secret:db" }],
          mountPoints: [{ sourceVolume: "scratch", containerPath: "/scratch" }],
          logConfiguration: { logDriver: "awslogs", options: { "awslogs-group": "shop" } },
        },
        { name: "metrics", image: "metrics:3", essential: false },
      ],
    }),
  );
  await ecs.send(
    new CreateServiceCommand({
      cluster: "shop",
      serviceName: service,
      taskDefinition: `shop-${service}`,
      desiredCount: 3,
      launchType: "FARGATE",
      networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-live"], securityGroups: ["sg-live"] } },
      loadBalancers: [
        {
          targetGroupArn: "arn:tg",
          containerName: "app",
          containerPort: 8080,
          advancedConfiguration: {
            alternateTargetGroupArn: "arn:tg2",
            productionListenerRule: "arn:rule",
            roleArn: "arn:aws:iam::1:role/shift",
          },
        },
      ],
    }),
  );
};
