import { Template } from "aws-cdk-lib/assertions";
import { App } from "aws-cdk-lib/core";
import { ShadowgraphConfig } from "../../lib/config/schema.ts";
import { addStacks } from "../../lib/shadowgraph-app.ts";
import { newOutdir } from "./new-outdir.ts";

// Without the built-in validation and the bundling, which take seconds: the synth of the whole app does both.
export const quickApp = (): App =>
  new App({ outdir: newOutdir(), builtinCloudFormationValidation: false, context: { "aws:cdk:bundling-stacks": [] } });

const elb = (resource: string) => `arn:aws:elasticloadbalancing:eu-central-1:111122223333:${resource}`;

export const LISTENER = elb("listener/app/shop/50dc6c495c0c9188/0467ef3c8400ae65");
export const ATTACHED = {
  listenerArn: LISTENER,
  securityGroupId: "sg-0a1b2c3d4e5f60713",
  baselineTargetGroupArn: elb("targetgroup/shop-web/73e2d6bc24d8a067"),
  priority: 10,
  hosts: ["shop.example.com"],
};
export const GIVEN = {
  vpcId: "vpc-0a1b2c3d4e5f60718",
  availabilityZones: ["eu-central-1a", "eu-central-1b"],
  privateSubnetIds: ["subnet-0a1b2c3d4e5f60711", "subnet-0a1b2c3d4e5f60712"],
};
export const WEB = { url: "http://web.shop.local:8080", attached: ATTACHED };

export const OVERLAYS = {
  clusters: [
    {
      cluster: "shop",
      executionRoleArns: ["arn:aws:iam::111122223333:role/shop-execution"],
      released: [{ service: "web", family: "shop-web" }],
    },
  ],
  ports: [8080],
};

type Config = Parameters<(typeof ShadowgraphConfig)["parse"]>[0];

export const templatesOf = (config: Config): readonly Template[] =>
  addStacks(quickApp(), ShadowgraphConfig.parse(config)).map((stack) => Template.fromStack(stack));

/** Of the first baseline of a config. */
export const templateOf = (config: Config): Template => templatesOf(config)[0]!;

/** Of one service `web`, attached to a listener unless told otherwise. */
export const templateOfService = (service: object = {}, baseline: object = {}): Template =>
  templateOf({
    baselines: { shop: { network: { given: GIVEN }, services: { web: { ...WEB, ...service } }, ...baseline } },
  });
