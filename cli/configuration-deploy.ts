import { PRESETS } from "../lib/config/presets.ts";
import { ShadowgraphConfig } from "../lib/config/schema.ts";

const OWN = {
  own: "A VPC of our own, shared by all baselines that name none: private subnets, endpoints of AWS, flow logs",
  "own.cidr": "Its addresses",
  "own.zones": "Availability zones; the region must have as many",
  "own.availabilityZones":
    "Their names, as many as `zones`, where the region's first ones will not do: in some zones there is no Fargate ([deploy.md](deploy.md#2-the-file))",
  "own.natGateways": "0: tasks reach this VPC, its peers and AWS's endpoints alone",
} as const;

const GIVEN = {
  given: "A VPC that is there; nothing is looked up",
  "given.vpcId": "Its id",
  "given.availabilityZones": "A zone for each private subnet, in the same order",
  "given.privateSubnetIds": "Where tasks stand; they need a way to S3, DynamoDB, SQS, ECR and CloudWatch Logs",
  "given.publicSubnetIds": "Where a load balancer of our own that faces the internet stands, in the order of the zones",
} as const;

const SERVICE = {
  url: "Where the service answers: its targets or a Cloud Map name, never the listener that sends requests to the tees",
  attached:
    "The way in by a rule on a listener of an Application Load Balancer that is there. Either this or `standalone`",
  "attached.listenerArn": "The listener",
  "attached.securityGroupId": "Of its load balancer; it must let out to ports 8080 and 9090 of the tees",
  "attached.baselineTargetGroupArn": "Where the listener sends these requests today",
  "attached.priority": "Of the rule that is added: free, and before the rule that serves these requests today",
  "attached.hosts": "Hosts that the rule is for, `*` and `?` allowed; every host where there is none",
  "attached.paths": "Paths that the rule is for, `*` and `?` allowed; every path where there is none",
  standalone: "A load balancer of our own before the tees",
  "standalone.facing": "Who can reach it; `internet` needs public subnets and a certificate",
  "standalone.certificateArn": "For HTTPS on port 443; without it plain HTTP on port 80, inside alone",
  "standalone.allowFrom": "Ranges of addresses that are let in",
  "standalone.baselineTargetGroupArn":
    "Targets of the baseline that no other load balancer has: where requests go that do not go to the tees. Without them all go to the tees, and there is no kill switch",
  percent:
    "Of the requests that go to the tees when the way is first opened, and after `bypass off`; 10 where it is left out",
  minTasks: "Tasks that always run; the preset's",
  maxTasks: "Tasks at most; the preset's",
  cpu: "CPU units of a task, with `memoryMiB`; the preset's",
  memoryMiB: "Memory of a task, with `cpu`; the preset's",
  requestsPerTask: "Requests a second beyond which more tasks are started",
  cpuPercent: "CPU beyond which more tasks are started",
  drainSeconds: "How long requests may take to end when a task goes",
  killSwitch: "When the tees are bypassed: [deploy.md](deploy.md#the-kill-switch)",
  "killSwitch.periods": "Spans of 10 s in a row that have to be bad",
  "killSwitch.errorPercent": "Requests without a whole answer of the baseline, in percent",
  "killSwitch.refusalPercent": "Requests that the tees refuse, in percent",
} as const;

const ALARMS = {
  alarms: "When people are told: [runbook.md](runbook.md)",
  "alarms.divergencePercent": "Pairs of an overlay that diverge, noise left out, in percent",
  "alarms.gapPercent": "Sampled requests of an overlay of which nobody knows what became, in percent",
  "alarms.candidateFailedPercent": "Pairs of the last two minutes in which the candidate failed, in percent",
  "alarms.oldestMessageSeconds": "Seconds that a message may wait to be worked on",
  "alarms.addedLatencyMs": "Milliseconds that the tees add to the slowest hundredth of requests",
  "alarms.dropPercent": "Sampled requests that the tees let go of, in percent",
  "alarms.loopDelayMs": "Milliseconds by which a tee's event loop is late",
  "alarms.teeMemoryPercent": "Memory of its task that a tee holds, in percent",
  "alarms.requestsPerDay": "Requests mirrored within 24 hours, all services together: the cost guard",
  "alarms.overlayClusters":
    "Names of the ECS clusters that overlays run in, those under `ecs` in baseline.yaml; without them memory and CPU of overlays are not watched",
  "alarms.overlayMemoryPercent": "Memory that a service in those clusters uses, in percent",
  "alarms.overlayCpuPercent": "CPU that a service in those clusters uses, in percent",
  "alarms.runbookUrl": "Where people read docs/runbook.md; alarms and the board link to it",
} as const;

const under = (prefix: string, meanings: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(meanings).map(([field, text]) => [`${prefix}.${field}`, text]));

const VERDICT =
  "Error rates, tolerance and limits of the verdict: [verdict.md](verdict.md). What is left out has the default of the version that is deployed";

const BASELINE = {
  preset: "Sizes, in the table below; each can be set by itself beside it",
  network: "Where the fleets of this baseline stand, in place of the network at the top",
  ...under("network", GIVEN),
  services:
    "The services that tees stand before, at most 6; with none, tees run elsewhere and only the rest is deployed",
  ...under("services.<name>", SERVICE),
  overlays:
    "Deploys overlays from images: [overlays.md](overlays.md). Without it overlays are services that run already, and images are refused",
  "overlays.clusters": "Clusters of the services that `ecs` in baseline.yaml names; overlays run in them",
  "overlays.clusters[].cluster": "Name of the cluster, in the account and region of the stack",
  "overlays.clusters[].executionRoleArns":
    "Execution roles of the task definitions of its services: ECS starts tasks of overlays by them",
  "overlays.clusters[].taskRoleArns":
    "Their task roles, where they have one: what is released runs under them, and overlays where `taskRole` is `baseline`",
  "overlays.clusters[].released": "What `overlay release` may change; with none it is refused by AWS",
  "overlays.clusters[].released[].service": "Name of the ECS service",
  "overlays.clusters[].released[].family": "Family of its task definitions",
  "overlays.taskRole":
    "What tasks of overlays run under, candidates and control overlays alike: a role that may do nothing where left out; the ARN of yours; or `baseline`: the baseline's own task role, with [all that it may write](overlays.md#the-task-role)",
  "overlays.ports": "Where services of the baseline answer: tees, and overlays that call each other, are let in there",
  "overlays.namespace":
    "Domain of the overlays in the VPC, `<baseline>.overlays.internal` where left out; always a new namespace of Cloud Map: [why](overlays.md#for-whoever-deploys-the-stack)",
  "overlays.subnetIds": "Where overlays run, in the VPC of `network.given`; the subnets of the tees where left out",
  "overlays.egress":
    "What overlays reach beside HTTPS and each other, such as unchanged services. Never the baseline's data stores",
  "overlays.egress[].to":
    "A security group, or a range of addresses; it has to let in the group of the output OverlaySecurityGroup",
  "overlays.egress[].port": "TCP port",
  "overlays.allowSecurityGroups":
    "Groups that overlay.yaml may list under `allowSecurityGroups`; every other is refused, so with none all are",
  removal: "What becomes of table, bucket, key and load balancers of ours with the stack",
  archiveDays: "Days that redacted segments are kept; the preset's",
  factsDays: "Days that the facts of single segments are kept; the preset's",
  diffConcurrency: "Batches of segments compared at the same time; the preset's",
  factShards: "Partitions that the facts of a minute are spread over; only ever raise it; the preset's",
  verdict: VERDICT,
  api: "The API",
  "api.requestsPerSecond": "Requests a second that it takes, twice as many in a burst; the preset's",
  "api.tokens": "A second address of it, for people who sign in",
  "api.tokens.issuer": "The OIDC issuer whose tokens are good. Either this or `signIn`",
  "api.tokens.audiences": "Values of `aud` or `client_id` that are accepted",
  "api.tokens.signIn": "A Cognito user pool of our own",
  "api.tokens.signIn.domainPrefix": "Begins the address of its sign-in page; free in the whole region",
  "api.tokens.signIn.callbackUrls": "Where it sends people back to, beside `site`",
  "api.tokens.site":
    "The dashboard with the API behind it, at an origin of its own: [deploy.md](deploy.md#the-dashboard)",
  "api.tokens.site.clientId": "The dashboard as a public client of `issuer`; left out with `signIn`",
  "api.tokens.site.scope": "What it asks the issuer for (`openid profile email` where left out)",
  "api.tokens.site.connectTo": "Further origins of the issuer, such as that of its token endpoint",
  "api.tokens.site.domain": "A name of your own for it",
  "api.tokens.site.domain.name": "The name; an alias of it must point to `DashboardAlias` of the outputs",
  "api.tokens.site.domain.certificateArn": "Of ACM in us-east-1, for that name",
  "api.tokens.access": "What a token is good for",
  "api.tokens.origins": "Pages of which origins may call",
  ...ALARMS,
  eventBus: "Name of the EventBridge bus that is told of changed verdicts: [events.md](events.md)",
  emails: "Who is told by mail of alarms, changed verdicts and bypassed tees",
} as const;

const settings = Object.keys(ShadowgraphConfig.shape.baselines.valueType.shape.verdict.unwrap().shape);

export const DEPLOY_REFERENCE = {
  file: "shadowgraph.config.yaml",
  about: [
    "What `cdk deploy` makes: [deploy.md](deploy.md). Read from the folder that `cdk` runs in, or `-c config=FILE`. Without a file: one",
    "baseline `main`, preset `small`, whose tees run elsewhere. What presets change in the template: [deploy.md](deploy.md#presets).",
    "",
    "| preset | tasks of a fleet | CPU, memory of a task | batches compared at once | shards | facts, archive kept | API requests/s |",
    "|---|---|---|---|---|---|---|",
    ...Object.entries(PRESETS).map(
      ([name, { tasks, cpu, memoryMiB, diffConcurrency, factShards, factsDays, archiveDays, apiRequestsPerSecond }]) =>
        `| \`${name}\` | ${tasks.min} to ${tasks.max} | ${cpu / 1024} vCPU, ${memoryMiB / 1024} GiB | ${diffConcurrency} | ${factShards} | ${factsDays}, ${archiveDays} days | ${apiRequestsPerSecond} |`,
    ),
  ].join("\n"),
  schema: ShadowgraphConfig,
  meanings: {
    account:
      "Account that the stacks go to, in quotes, with `region`; wherever the credentials lead where it is left out",
    region: "Region that the stacks go to",
    tags: "Put on everything that takes tags",
    nodeImage: "What the image of the tee is built on; name it by its digest for builds that repeat",
    network:
      "Where fleets stand. Either `own` or `given`; needed as soon as a baseline without a network has a service",
    ...under("network", { ...OWN, ...GIVEN }),
    baselines: "The baselines, by the names that the catalog gives them; each is a stack `Shadowgraph-<name>`",
    ...under("baselines.<name>", BASELINE),
    ...Object.fromEntries(settings.map((name) => [`baselines.<name>.verdict.${name}`, "See [verdict.md](verdict.md)"])),
  },
} as const;
