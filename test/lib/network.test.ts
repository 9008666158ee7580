import { Match, Template } from "aws-cdk-lib/assertions";
import { Stack } from "aws-cdk-lib/core";
import { GivenNetwork, type GivenNetworkProps } from "../../lib/network.ts";
import { NetworkStack, type NetworkStackProps } from "../../lib/network-stack.ts";
import { GIVEN, quickApp } from "./templates.ts";

const templateOf = (network: NetworkStackProps["network"] = {}): Template =>
  Template.fromStack(
    new NetworkStack(quickApp(), "Network", { network, env: { account: "111122223333", region: "eu-central-1" } }),
  );

test.each([
  [{}, 2, 1],
  [{ zones: 3 }, 3, 1],
  [{ zones: 3, natGateways: 3 }, 3, 3],
])("%j: as many zones and gateways, asked of the region at the deploy", (network, zones, gateways) => {
  const template = templateOf(network);
  template.resourceCountIs("AWS::EC2::Subnet", 2 * zones);
  template.resourceCountIs("AWS::EC2::NatGateway", gateways);
  template.allResourcesProperties("AWS::EC2::Subnet", {
    AvailabilityZone: { "Fn::Select": [Match.anyValue(), { "Fn::GetAZs": "" }] },
    MapPublicIpOnLaunch: false,
  });
});

test("zones may be named, where the first of the region will not do", () => {
  const availabilityZones = ["eu-central-1b", "eu-central-1c"];
  const subnets = Object.values(templateOf({ availabilityZones }).findResources("AWS::EC2::Subnet"));
  const zones = subnets.map(({ Properties }) => Properties.AvailabilityZone);
  expect(zones.sort()).toEqual([...availabilityZones, ...availabilityZones].sort());
  expect(() => templateOf({ zones: 3, availabilityZones })).toThrow("availabilityZones must be as many as zones (3)");
});

test("without gateways tasks have no way out, and nothing has a way in", () => {
  const template = templateOf({ natGateways: 0 });
  for (const type of ["AWS::EC2::InternetGateway", "AWS::EC2::NatGateway", "AWS::EC2::Route"])
    template.resourceCountIs(type, 0);
  template.resourceCountIs("AWS::EC2::Subnet", 2);
});

test("what the tees ask of AWS stays in the network, and endpoints answer the tasks' subnets alone", () => {
  const template = templateOf();
  const endpoints = Object.values(template.findResources("AWS::EC2::VPCEndpoint")).map(({ Properties }) => [
    Properties.VpcEndpointType,
    JSON.stringify(Properties.ServiceName).replaceAll(
      /.*(sqs|ecr\.api|ecr\.dkr|logs|secretsmanager|s3|dynamodb)"?.*/g,
      "$1",
    ),
  ]);
  expect(endpoints.sort()).toEqual([
    ["Gateway", "dynamodb"],
    ["Gateway", "s3"],
    ["Interface", "ecr.api"],
    ["Interface", "ecr.dkr"],
    ["Interface", "logs"],
    ["Interface", "secretsmanager"],
    ["Interface", "sqs"],
  ]);
  const [{ Properties: guard }] = Object.values(template.findResources("AWS::EC2::SecurityGroup")) as [
    { Properties: { SecurityGroupIngress: object[] } },
  ];
  expect(guard.SecurityGroupIngress).toMatchObject([
    { FromPort: 443, CidrIp: "10.64.16.0/20" },
    { FromPort: 443, CidrIp: "10.64.32.0/20" },
  ]);
});

test("every flow is logged, for a month, under the key", () => {
  const template = templateOf();
  template.hasResourceProperties("AWS::EC2::FlowLog", { ResourceType: "VPC", TrafficType: "ALL" });
  template.hasResourceProperties("AWS::Logs::LogGroup", { RetentionInDays: 30, KmsKeyId: Match.anyValue() });
});

test("all faults of a network are told together", () => {
  expect(() => templateOf({ zones: 4, natGateways: 5 })).toThrow(
    "Network: zones must be a whole number of 2 to 3; got 4; natGateways must be a whole number of 0 to 4; got 5",
  );
  const given = (props: Partial<GivenNetworkProps>) => () =>
    new GivenNetwork(new Stack(quickApp(), "Given"), "Network", { ...GIVEN, ...props });
  expect(given({ publicSubnetIds: ["subnet-0a1b2c3d4e5f60715"] })).toThrow(
    "publicSubnetIds must be as many as availabilityZones (2), in the same order; got 1",
  );
  expect(given({ availabilityZones: ["eu-central-1a"], privateSubnetIds: ["subnet-1"] })).toThrow(
    "availabilityZones must be at least 2; got 1",
  );
});
