import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type FileError, readYamlFile } from "../../../cli/yaml-file.ts";
import { PRESETS } from "../../../lib/config/presets.ts";
import { DEFAULT_CONFIG, ShadowgraphConfig } from "../../../lib/config/schema.ts";

const FILE = fileURLToPath(new URL("../../../examples/shadowgraph.config.yaml", import.meta.url));
const EXAMPLE = readFileSync(FILE, "utf8");

const faultsOf = (text: string): readonly string[] => {
  try {
    readYamlFile({ readFile: () => text }, "shadowgraph.config.yaml", ShadowgraphConfig);
    return [];
  } catch (error) {
    return (error as FileError).faults.map(({ field, message }) => `${field}: ${message}`);
  }
};
const changed = (from: string, to: string): string => {
  expect(EXAMPLE).toContain(from);
  return EXAMPLE.replace(from, to);
};

test("the example is valid, and so is nothing at all", () => {
  expect(faultsOf(EXAMPLE)).toEqual([]);
  expect(ShadowgraphConfig.parse(DEFAULT_CONFIG)).toMatchObject({
    nodeImage: "node:24-slim",
    baselines: { main: { preset: "small", services: {}, removal: "retain" } },
  });
});

test.each([
  [
    "a key that is misspelt",
    ["preset: medium", "presset: medium"],
    'baselines.shop.presset: is not known here; did you mean "preset"?',
  ],
  ["a preset that there is not", ["preset: medium", "preset: huge"], 'must be one of small, medium, large; got "huge"'],
  [
    "a percent beyond",
    ["percent: 10\n", "percent: 101\n"],
    "baselines.shop.services.web.percent: must be at most 100; got 101",
  ],
  ["a percent of nothing", ["percent: 10\n", "percent: 0\n"], "must be at least 1; got 0"],
  ["an ARN of something else", ["listener/app/shop", "listener/net/shop"], "must be the ARN of a listener"],
  ["a priority beyond", ["priority: 10", "priority: 50001"], "must be at most 50000; got 50001"],
  ["four zones", ["zones: 3", "zones: 4"], "network.own.zones: must be at most 3; got 4"],
  [
    "a zone too few",
    ["zones: 3", "zones: 3, availabilityZones: [eu-central-1a, eu-central-1b]"],
    "network.own.availabilityZones: must be as many as zones",
  ],
  ["a subnet too few", [", subnet-0a1b2c3d4e5f60712]", "]"], "privateSubnetIds: must be at least 2 entries"],
  [
    "the way in twice",
    ["standalone: { allowFrom: [10.0.0.0/8] }", "cpuPercent: 60"],
    "must hold exactly one of attached and standalone",
  ],
  [
    "a part of the requests where there is nowhere for the others",
    ["standalone: { allowFrom: [10.0.0.0/8] }", "percent: 5\n        standalone: { allowFrom: [10.0.0.0/8] }"],
    "percent: must be left out where standalone has no baselineTargetGroupArn, since all requests go to the tees; got 5",
  ],
  [
    "everybody, inside",
    ["{ allowFrom: [10.0.0.0/8] }", "{ allowFrom: [0.0.0.0/0] }"],
    "must not be everybody where facing is internal",
  ],
  [
    "the internet without a certificate",
    [/ +certificateArn.*\n/.exec(EXAMPLE)![0], ""],
    "must be internal without a certificateArn",
  ],
  [
    "a role that is none",
    ["role/shop-execution", "user/shop"],
    "overlays.clusters.0.executionRoleArns.0: must be the ARN of a role",
  ],
  [
    "a role of overlays that is none",
    ["# taskRole: arn:aws:iam::111122223333:role/shop-overlays", "taskRole: none"],
    'overlays.taskRole: must be the ARN of a role, or "baseline"; got "none"',
  ],
  [
    "the baseline's role without its name",
    [/ +taskRoleArns[\s\S]*?# taskRole: .*\n/.exec(EXAMPLE)![0], "      taskRole: baseline\n"],
    "overlays.taskRole: must be left out where no cluster names its taskRoleArns",
  ],
  [
    "roles that nothing would run under",
    [/ +released: .*\n/.exec(EXAMPLE)![0], ""],
    'clusters.0.taskRoleArns: must be left out where nothing is released and taskRole is not "baseline"',
  ],
  ["a way out to a name", ["{ to: sg-0a1b2c3d4e5f60714", "{ to: web.internal"], "must be a security group such as"],
  ["overlays without a port", ["ports: [8080]", "ports: []"], "overlays.ports: must be at least 1"],
  [
    "a cluster twice",
    [
      "      # What overlays run",
      "        - { cluster: shop, executionRoleArns: ['arn:aws:iam::111122223333:role/a'] }\n      # What overlays run",
    ],
    "overlays.clusters: must name each cluster once",
  ],
  [
    "overlays that no tee can ask",
    [/ {4}services:\n {6}web:[\s\S]*?(?= {4}# Overlays)/.exec(EXAMPLE)![0], ""],
    "overlays: must be left out where services is empty",
  ],
  [
    "subnets in a network of our own",
    [
      "  search:\n",
      "  search:\n    overlays: { clusters: [{ cluster: a, executionRoleArns: ['arn:aws:iam::111122223333:role/a'] }], ports: [80], subnetIds: [subnet-0a1b2c3d] }\n",
    ],
    "baselines.search.overlays.subnetIds: must be left out in a network of our own",
  ],
  ["a name of a baseline that AWS does not take", ["  search:", "  Search_1:"], "must be 1-40 of a-z, 0-9 and -"],
  [
    "a baseline called as the network's stack",
    ["  search:", "  network:"],
    "baselines.network: must have another name",
  ],
  [
    "an address of sign-in that Cognito keeps for AWS",
    ["domainPrefix: shadowgraph-search", "domainPrefix: my-aws-search"],
    "domainPrefix: must hold none of aws, amazon and cognito",
  ],
  ["a tolerance that is no share", ["tolerance: 0.002", "tolerance: 2"], "verdict.tolerance: must be"],
  [
    "an issuer and a pool",
    ["signIn: { domainPrefix", "issuer: https://a.example.com\n        audiences: [a]\n        signIn: { domainPrefix"],
    "must hold exactly one of issuer and signIn",
  ],
  [
    "an image that is none",
    ["tags: { team: platform }", "nodeImage: 'node 24'"],
    "nodeImage: must be an image such as",
  ],
  [
    "an account without a region",
    ["tags: { team: platform }", "account: '111122223333'"],
    "account: must be given together with region",
  ],
])("%s is refused with what is allowed", (_what, [from, to], message) => {
  expect(faultsOf(changed(from!, to!)).join("\n")).toContain(message);
});

const INTERNAL = "http://internal-shop-1234567890.eu-central-1.elb.amazonaws.com";
test.each([
  ["the load balancer of its listener", INTERNAL],
  ["its public name", "https://shop-1234567890.eu-central-1.elb.amazonaws.com"],
  ["a host of its own rule", "https://shop.example.com"],
])("a tee that would ask %s would ask itself, and is refused", (_what, url) => {
  expect(faultsOf(changed("http://web.shop.local:8080", url)).join()).toContain("the tee would ask itself");
});

test.each([
  "http://shop2-1234567890.eu-central-1.elb.amazonaws.com",
  "https://shop.example.com.internal",
  "http://10.0.0.7:8080",
])("a tee may ask %s", (url) => expect(faultsOf(changed("http://web.shop.local:8080", url))).toEqual([]));

test("a listener stands in a VPC that is there: a network of ours is refused for it", () => {
  const own = EXAMPLE.replace(/ {4}network:\n {6}given:[\s\S]*?(?= {4}services)/, "");
  expect(faultsOf(own)).toEqual([
    "baselines.shop.services.web.attached: must stand in the VPC of its load balancer: name it by network.given, here or at the top of the file; got a network of our own",
  ]);
});

test("every fault is told at once, each with its line", () => {
  const text = changed("preset: medium", "preset: huge").replace("percent: 100", "percent: 1000");
  const read = () => readYamlFile({ readFile: () => text }, "shadowgraph.config.yaml", ShadowgraphConfig);
  expect(read).toThrow("shadowgraph.config.yaml has 2 faults");
  expect(read).toThrow(
    expect.objectContaining({
      faults: [expect.objectContaining({ line: 12 }), expect.objectContaining({ line: expect.any(Number) })],
    }),
  );
});

test("presets only grow, and facts never outlive what they are made of", () => {
  const { small, medium, large } = PRESETS;
  for (const [less, more] of [
    [small, medium],
    [medium, large],
  ] as const) {
    for (const key of ["cpu", "memoryMiB", "diffConcurrency", "factShards", "apiRequestsPerSecond"] as const)
      expect(more[key]).toBeGreaterThanOrEqual(less[key]);
    expect(more.tasks.max).toBeGreaterThan(less.tasks.max);
  }
  for (const { archiveDays, factsDays } of Object.values(PRESETS))
    expect(archiveDays).toBeGreaterThanOrEqual(factsDays);
});
