import * as z from "zod";
import { Name } from "../../core/sampling/environment.ts";
import { VerdictSettings } from "../../core/verdict/settings.ts";
import { AlarmsShape } from "./alarms-shape.ts";
import { GivenNetwork, NetworkShape } from "./network-shape.ts";
import { OverlaysShape } from "./overlays-shape.ts";
import { PRESET_NAMES } from "./presets.ts";
import { ServiceShape } from "./service-shape.ts";

const Https = z.url({ protocol: /^https$/, error: "must begin with https://" });

const Origin = Https.refine(
  (url) => new URL(url).origin === url,
  "must be an origin such as https://login.example.com, without a path",
);

const Tokens = z
  .strictObject({
    issuer: Https.optional(),
    audiences: z.array(z.string().min(1)).max(20).default([]),
    signIn: z
      .strictObject({
        domainPrefix: z
          .string()
          .regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, "must be 1-63 of a-z, 0-9 and -")
          .refine((prefix) => !/aws|amazon|cognito/.test(prefix), "must hold none of aws, amazon and cognito"),
        callbackUrls: z.array(Https).max(99).default([]),
      })
      .optional(),
    /** The dashboard at an origin of its own, together with the API. */
    site: z
      .strictObject({
        clientId: z.string().min(1).max(256).optional(),
        scope: z.string().min(1).max(1_000).optional(),
        connectTo: z.array(Origin).max(10).default([]),
        domain: z
          .strictObject({
            name: z
              .string()
              .regex(
                /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
                "must be a name such as shadowgraph.example.com",
              ),
            certificateArn: z
              .string()
              .regex(
                /^arn:aws[\w-]*:acm:us-east-1:\d{12}:certificate\/[0-9a-f-]{36}$/,
                "must be the ARN of an ACM certificate in us-east-1: CloudFront takes none from elsewhere",
              ),
          })
          .optional(),
      })
      .optional(),
    access: z.enum(["read", "all"]).default("read"),
    origins: z.array(Https).max(20).default([]),
  })
  .refine(
    ({ issuer, signIn }) => (issuer === undefined) !== (signIn === undefined),
    "must hold exactly one of issuer and signIn",
  )
  .refine(({ signIn, site }) => signIn === undefined || site !== undefined || signIn.callbackUrls.length > 0, {
    path: ["signIn", "callbackUrls"],
    message: "must name at least one where there is no site, whose address is known",
  })
  .refine(({ issuer, site }) => site === undefined || (issuer === undefined) === (site.clientId === undefined), {
    path: ["site", "clientId"],
    message: "must be given with issuer, which knows the dashboard as a public client, and left out with signIn",
  })
  .refine(({ issuer, audiences }) => issuer === undefined || audiences.length > 0, {
    path: ["audiences"],
    message: "must name at least one with issuer",
  });

/** A verdict setting that is not given keeps its default, and that of a later version. */
const Verdict = z.strictObject(
  Object.fromEntries(
    Object.entries(VerdictSettings.shape).map(([name, setting]) => [name, setting.unwrap().optional()]),
  ) as {
    [K in keyof typeof VerdictSettings.shape]: z.ZodOptional<ReturnType<(typeof VerdictSettings.shape)[K]["unwrap"]>>;
  },
);

const BaselineShape = z.strictObject({
  preset: z.enum(PRESET_NAMES).default("small"),
  /** In place of the network at the top of the file; one of our own is shared by all. */
  network: z.strictObject({ given: GivenNetwork }).optional(),
  services: z
    .record(Name, ServiceShape)
    .refine((services) => Object.keys(services).length <= 6, "must name at most 6 services")
    .default({}),
  /** Without it overlays are services that run already: images are refused. */
  overlays: OverlaysShape.optional(),
  removal: z.enum(["retain", "destroy"]).default("retain"),
  archiveDays: z.int().min(1).max(3650).optional(),
  factsDays: z.int().min(1).max(3650).optional(),
  diffConcurrency: z.int().min(2).max(1000).optional(),
  factShards: z.int().min(1).max(256).optional(),
  verdict: Verdict.prefault({}),
  api: z
    .strictObject({ requestsPerSecond: z.int().min(1).max(10_000).optional(), tokens: Tokens.optional() })
    .prefault({}),
  alarms: AlarmsShape.prefault({}),
  /** Where events of changed verdicts go; `default` is the bus that every account has. */
  eventBus: z
    .string()
    .regex(/^[\w./-]{1,256}$/, "must be the name of an EventBridge bus, not its ARN")
    .default("default"),
  emails: z.array(z.email("must be an address of mail")).max(10).default([]),
});
export type BaselineShape = z.infer<typeof BaselineShape>;

/** shadowgraph.config.yaml: what `cdk deploy` makes. */
export const ShadowgraphConfig = z
  .strictObject({
    /** Where the stacks go; wherever the credentials lead where it is left out. */
    account: z
      .string()
      .regex(/^\d{12}$/, "must be 12 digits, in quotes")
      .optional(),
    region: z
      .string()
      .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "must be a region such as eu-central-1")
      .optional(),
    tags: z.record(z.string().min(1).max(128), z.string().max(256)).default({}),
    nodeImage: z
      .string()
      .regex(/^[\w./:-]+(@sha256:[0-9a-f]{64})?$/, "must be an image such as node:24-slim@sha256:…")
      .default("node:24-slim"),
    network: NetworkShape.optional(),
    baselines: z
      .record(Name, BaselineShape)
      .refine((baselines) => Object.keys(baselines).length > 0, "must name at least one baseline"),
  })
  .superRefine(({ account, region, network, baselines }, context) => {
    const fault = (path: string[], message: string) => context.addIssue({ code: "custom", path, message });
    if ((account === undefined) !== (region === undefined))
      fault(
        [account === undefined ? "region" : "account"],
        `must be given together with ${account === undefined ? "account" : "region"}`,
      );
    if (network?.own !== undefined && baselines.network !== undefined)
      fault(["baselines", "network"], "must have another name where network.own is: its stack is called so");
    for (const [name, { services, network: own, overlays }] of Object.entries(baselines)) {
      if (Object.keys(services).length > 0 && network === undefined && own === undefined)
        fault(["baselines", name, "services"], "must have a network to stand in, here or at the top of the file");
      const isOurs = own === undefined && network?.own !== undefined;
      if (overlays !== undefined && Object.keys(services).length === 0)
        fault(
          ["baselines", name, "overlays"],
          "must be left out where services is empty: overlays let in the tees that stand before services, and nobody else",
        );
      if (isOurs && overlays?.subnetIds !== undefined)
        fault(
          ["baselines", name, "overlays", "subnetIds"],
          "must be left out in a network of our own, whose subnets nobody knows yet; name a VPC by network.given",
        );
      for (const [service, { attached }] of Object.entries(services)) {
        if (isOurs && attached !== undefined)
          fault(
            ["baselines", name, "services", service, "attached"],
            "must stand in the VPC of its load balancer: name it by network.given, here or at the top of the file; got a network of our own",
          );
      }
    }
  });
export type ShadowgraphConfig = z.infer<typeof ShadowgraphConfig>;

/** Without a file: one baseline whose tees run elsewhere. */
export const DEFAULT_CONFIG: z.input<typeof ShadowgraphConfig> = { baselines: { main: {} } };
