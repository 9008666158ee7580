import { readFileSync } from "node:fs";
import type {
  IPolicyValidationContext,
  IPolicyValidationPlugin,
  PolicyValidationPluginReport,
  PolicyViolation,
} from "aws-cdk-lib/core";

// biome-ignore lint/suspicious/noExplicitAny: a template is JSON of many shapes; each rule looks at its own
type Properties = Readonly<Record<string, any>>;
export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Properties;
}
export type Resources = Readonly<Record<string, TemplateResource>>;

/** Something that we promise of every stack; `broken` gives the ids of the resources that break it. */
interface Promised {
  readonly name: string;
  readonly description: string;
  readonly broken: (resources: Resources) => readonly string[];
}

interface Named {
  readonly id: string;
  readonly properties: Properties;
}

const all = (resources: Resources, ...types: readonly string[]): readonly Named[] =>
  Object.entries(resources)
    .filter(([, { Type }]) => types.includes(Type))
    .map(([id, { Properties = {} }]) => ({ id, properties: Properties }));

const idsOf = (found: readonly Named[]): readonly string[] => found.map(({ id }) => id);

/** The resource that a `Ref` or `Fn::GetAtt` names. */
const named = (value: unknown): string | undefined => {
  const { Ref, "Fn::GetAtt": getAtt } = (value ?? {}) as { Ref?: string; "Fn::GetAtt"?: readonly string[] };
  return Ref ?? getAtt?.[0];
};

const deadLettersIn = (resources: Resources): ReadonlySet<string | undefined> =>
  new Set([
    ...all(resources, "AWS::SQS::Queue").map(({ properties }) => named(properties.RedrivePolicy?.deadLetterTargetArn)),
    ...all(resources, "AWS::Lambda::Function").map(({ properties }) => named(properties.DeadLetterConfig?.TargetArn)),
  ]);

const EVERYWHERE = new Set(["0.0.0.0/0", "::/0"]);
const isOpen = ({ CidrIp, CidrIpv6 }: Properties): boolean => EVERYWHERE.has(CidrIp) || EVERYWHERE.has(CidrIpv6);

/** The security groups of the load balancers that were chosen to face the internet. */
const publicGroupsIn = (resources: Resources): ReadonlySet<string | undefined> =>
  new Set(
    all(resources, "AWS::ElasticLoadBalancingV2::LoadBalancer")
      .filter(({ properties }) => properties.Scheme === "internet-facing")
      .flatMap(({ properties }) => (properties.SecurityGroups ?? []).map(named)),
  );

const HTTPS = 443;

const openWays = (resources: Resources): readonly string[] => {
  const chosen = publicGroupsIn(resources);
  const isChosen = (group: string | undefined, rule: Properties) =>
    chosen.has(group) && rule.FromPort === HTTPS && rule.ToPort === HTTPS;
  const inline = all(resources, "AWS::EC2::SecurityGroup").filter(({ id, properties }) =>
    (properties.SecurityGroupIngress ?? []).some((rule: Properties) => isOpen(rule) && !isChosen(id, rule)),
  );
  const apart = all(resources, "AWS::EC2::SecurityGroupIngress").filter(
    ({ properties }) => isOpen(properties) && !isChosen(named(properties.GroupId), properties),
  );
  const tasks = all(resources, "AWS::ECS::Service").filter(
    ({ properties }) => properties.NetworkConfiguration?.AwsvpcConfiguration?.AssignPublicIp !== "DISABLED",
  );
  const urls = all(resources, "AWS::Lambda::Url").filter(({ properties }) => properties.AuthType !== "AWS_IAM");
  const routes = all(resources, "AWS::ApiGatewayV2::Route").filter(
    ({ properties }) => !["AWS_IAM", "JWT"].includes(properties.AuthorizationType),
  );
  return idsOf([...inline, ...apart, ...tasks, ...urls, ...routes]);
};

const statementsOf = ({ properties }: Named): readonly Properties[] => properties.PolicyDocument?.Statement ?? [];

export const PROMISES: readonly Promised[] = [
  {
    name: "queues-have-dead-letters",
    description: "Every queue has dead letters, or is where dead letters go.",
    broken: (resources) => {
      const deadLetters = deadLettersIn(resources);
      return idsOf(
        all(resources, "AWS::SQS::Queue").filter(
          ({ id, properties }) => properties.RedrivePolicy === undefined && !deadLetters.has(id),
        ),
      );
    },
  },
  {
    name: "logs-end",
    description: "Every log group says how long it keeps what it holds.",
    broken: (resources) =>
      idsOf(all(resources, "AWS::Logs::LogGroup").filter(({ properties }) => properties.RetentionInDays === undefined)),
  },
  {
    name: "objects-end",
    description: "Every bucket has objects expire, or what was replaced of them.",
    broken: (resources) =>
      idsOf(
        all(resources, "AWS::S3::Bucket").filter(
          ({ properties }) =>
            !(properties.LifecycleConfiguration?.Rules ?? []).some(
              ({ Status, ExpirationInDays, NoncurrentVersionExpiration }: Properties) =>
                Status === "Enabled" && (ExpirationInDays ?? NoncurrentVersionExpiration) !== undefined,
            ),
        ),
      ),
  },
  {
    name: "nothing-is-public",
    description:
      "Nothing is open to everybody but HTTPS of a load balancer that was chosen to face the internet; no task has a public address; every route of the API asks who calls.",
    broken: openWays,
  },
  {
    name: "public-listeners-speak-https",
    description: "A listener that faces the internet speaks HTTPS.",
    broken: (resources) => {
      const balancers = all(resources, "AWS::ElasticLoadBalancingV2::LoadBalancer");
      const facing = new Set(idsOf(balancers.filter(({ properties }) => properties.Scheme === "internet-facing")));
      return idsOf(
        all(resources, "AWS::ElasticLoadBalancingV2::Listener").filter(
          ({ properties }) => facing.has(named(properties.LoadBalancerArn) ?? "") && properties.Protocol !== "HTTPS",
        ),
      );
    },
  },
  {
    name: "actions-are-named",
    description: "No policy of a role allows an action by a wildcard.",
    broken: (resources) =>
      idsOf(
        all(resources, "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy").filter((policy) =>
          statementsOf(policy).some(
            ({ Effect, Action }) =>
              Effect === "Allow" && [Action].flat().some((action) => String(action).includes("*")),
          ),
        ),
      ),
  },
];

/** Fails the synth where a stack breaks a promise of ours. */
export class PromisesChecks implements IPolicyValidationPlugin {
  readonly name = "Shadowgraph";
  readonly ruleIds = PROMISES.map(({ name }) => name);

  validate({ stackTemplates }: IPolicyValidationContext): PolicyValidationPluginReport {
    const violations = stackTemplates.flatMap(({ templatePath }): readonly PolicyViolation[] => {
      const { Resources = {} } = JSON.parse(readFileSync(templatePath, "utf8")) as { Resources?: Resources };
      return PROMISES.flatMap(({ name, description, broken }) => {
        const found = broken(Resources);
        const violatingResources = found.map((resourceLogicalId) => ({
          resourceLogicalId,
          templatePath,
          locations: [],
        }));
        return found.length === 0 ? [] : [{ ruleName: name, description, severity: "error", violatingResources }];
      });
    });
    return { success: violations.length === 0, violations };
  }
}
