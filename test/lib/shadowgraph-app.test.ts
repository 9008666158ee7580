import { Match, Template } from "aws-cdk-lib/assertions";
import { ShadowgraphConfig } from "../../lib/config/schema.ts";
import { addStacks } from "../../lib/shadowgraph-app.ts";
import { GIVEN, quickApp, templateOfService, WEB } from "./templates.ts";

test("each baseline is a stack of its own, by its name; a network of ours is one more, for all of them", () => {
  const standalone = { allowFrom: ["10.0.0.0/8"] };
  const services = { web: { url: "http://web.local", standalone } };
  const config = { network: { own: {} }, baselines: { shop: { services }, search: { services }, idle: {} } };
  const app = quickApp();
  const stacks = addStacks(app, ShadowgraphConfig.parse(config));
  expect(stacks.map(({ stackName }) => stackName)).toEqual([
    "Shadowgraph-shop",
    "Shadowgraph-search",
    "Shadowgraph-idle",
  ]);
  expect(app.node.children.map(({ node }) => node.id)).toContain("Shadowgraph-network");
});

test("no network of ours is made that no fleet stands in", () => {
  const app = quickApp();
  const web = { network: { given: GIVEN }, services: { web: WEB } };
  addStacks(app, ShadowgraphConfig.parse({ network: { own: {} }, baselines: { shop: web, idle: {} } }));
  expect(app.node.tryFindChild("Shadowgraph-network")).toBeUndefined();
});

test("account, region and tags are those of the file; without them the stack goes wherever the credentials lead", () => {
  const baselines = { main: {} };
  const [placed] = addStacks(
    quickApp(),
    ShadowgraphConfig.parse({ account: "111122223333", region: "eu-central-1", tags: { team: "platform" }, baselines }),
  );
  expect([placed!.account, placed!.region]).toEqual(["111122223333", "eu-central-1"]);
  Template.fromStack(placed!).hasResourceProperties("AWS::DynamoDB::Table", {
    Tags: [{ Key: "team", Value: "platform" }],
  });
  const [anywhere] = addStacks(quickApp(), ShadowgraphConfig.parse({ baselines }));
  expect(anywhere!.environment).toBe("aws://unknown-account/unknown-region");
});

describe("presets", () => {
  const figures = (preset: string, service: object = {}) => {
    const template = templateOfService(service, { preset });
    const first = (type: string) => Object.values(template.findResources(type))[0]!.Properties;
    const { Cpu, Memory } = first("AWS::ECS::TaskDefinition");
    const { MinCapacity, MaxCapacity } = first("AWS::ApplicationAutoScaling::ScalableTarget");
    const diff = Object.values(template.findResources("AWS::Lambda::EventSourceMapping")).map(
      ({ Properties }) => Properties.ScalingConfig.MaximumConcurrency,
    );
    return [Cpu, Memory, MinCapacity, MaxCapacity, Math.max(...diff)];
  };

  test.each([
    ["small", ["512", "1024", 2, 4, 10]],
    ["medium", ["1024", "2048", 2, 12, 20]],
    ["large", ["2048", "4096", 6, 100, 200]],
  ])("%s", (preset, expected) => expect(figures(preset)).toEqual(expected));

  test("what is given beside a preset wins, and its other bound follows", () => {
    expect(figures("small", { cpu: 1024, memoryMiB: 4096, minTasks: 9 })).toEqual(["1024", "4096", 9, 9, 10]);
    expect(figures("large", { maxTasks: 3 }).slice(2, 4)).toEqual([3, 3]);
  });

  test("large differs from small in numbers alone: the same resources", () => {
    const kinds = (preset: string) =>
      Object.values(templateOfService({}, { preset }).toJSON().Resources as Record<string, { Type: string }>).map(
        ({ Type }) => Type,
      );
    expect(kinds("large")).toEqual(kinds("small"));
  });
});

test("those who sign in have an address of their own, where they may look and not change anything", () => {
  const tokens = {
    issuer: "https://login.example.com",
    audiences: ["shadowgraph"],
    origins: ["https://pages.example.com"],
  };
  const template = templateOfService({}, { api: { tokens } });
  template.hasResourceProperties("AWS::ApiGatewayV2::Authorizer", {
    AuthorizerType: "JWT",
    JwtConfiguration: { Issuer: "https://login.example.com", Audience: ["shadowgraph"] },
  });
  const routes = Object.values(template.findResources("AWS::ApiGatewayV2::Route")).map(({ Properties }) => [
    Properties.RouteKey,
    Properties.AuthorizationType,
  ]);
  const reading = (auth: string) =>
    routes.flatMap(([key, type]) => (type === auth && key.startsWith("GET ") ? [key] : []));
  expect(reading("JWT")).toEqual(reading("AWS_IAM"));
  expect(routes.filter(([key, type]) => type === "JWT" && !key.startsWith("GET "))).toEqual([]);
  template.hasResourceProperties("AWS::ApiGatewayV2::Api", {
    CorsConfiguration: Match.objectLike({ AllowOrigins: ["https://pages.example.com"], AllowMethods: ["GET"] }),
  });
  template.allResourcesProperties("AWS::ApiGatewayV2::Stage", {
    AccessLogSettings: { DestinationArn: Match.anyValue(), Format: Match.stringLikeRegexp("^\\{") },
    DefaultRouteSettings: Match.objectLike({ ThrottlingRateLimit: 20, ThrottlingBurstLimit: 40 }),
  });
});
