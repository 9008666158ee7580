import { HttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpIamAuthorizer } from "aws-cdk-lib/aws-apigatewayv2-authorizers";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import { Grant } from "aws-cdk-lib/aws-iam";
import { CfnOutput, Duration, type RemovalPolicy, Stack } from "aws-cdk-lib/core";
import { Construct } from "constructs";
import type { ApiDeploying, ApiEnv, ApiResending, ApiSettings } from "../lambdas/api/env.ts";
import { AccessLog } from "./access-log.ts";
import { acknowledgeFolders } from "./acknowledgements.ts";
import { API_ROUTES } from "./api-routes.ts";
import { addStage } from "./api-stage.ts";
import type { VerdictOverrides } from "./judge.ts";
import { NodeFunction } from "./node-function.ts";
import type { Overlays } from "./overlays.ts";
import type { Resend } from "./resend.ts";
import { adaptersEnvironment, type Storage } from "./storage.ts";
import { grantAlarms, grantRule, type TeeGate } from "./tee-gate.ts";
import { TokenApi, type TokenApiProps } from "./token-api.ts";

export interface ApiProps {
  readonly storage: Storage;
  /** What the kill switch turns. */
  readonly gates: readonly TeeGate[];
  /**
   * Those of judge, or the two would give different verdicts.
   * @default - the defaults of core/verdict
   */
  readonly verdict?: VerdictOverrides;
  /**
   * What deploys overlays.
   * @default - nothing: overlays are services that run already, images are refused
   */
  readonly overlays?: Pick<Overlays, "deployQueue" | "allowSecurityGroups">;
  /**
   * What sends stored requests to the lanes again.
   * @default - the API itself, as far as it reaches
   */
  readonly resend?: Resend;
  /**
   * A second address of the same API, for people who sign in with an OIDC issuer, such as the pages of a dashboard.
   * @default - none
   */
  readonly tokens?: Omit<TokenApiProps, "target" | "log" | "requestsPerSecond" | "key" | "removalPolicy">;
  /**
   * Of what people sign in by.
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
  /**
   * Requests a second that the API takes from all callers together; twice as many in a burst.
   * @default 50
   */
  readonly requestsPerSecond?: number;
}

/** The HTTP API. Every route asks for IAM credentials (SigV4): nothing in it is public. */
export class Api extends Construct {
  readonly program: NodeFunction;
  readonly httpApi: HttpApi;
  readonly url: string;

  constructor(scope: Construct, id: string, props: ApiProps) {
    super(scope, id);
    const { storage, gates, verdict = {}, requestsPerSecond = 50, tokens, overlays, resend, removalPolicy } = props;
    this.program = new NodeFunction(this, "Program", {
      program: "api",
      key: storage.key,
      description: "Shadowgraph: the HTTP API",
      environment: {
        ...adaptersEnvironment(storage),
        ...(overlays && deployingEnvironment(overlays)),
        ...(resend && resendingEnvironment(resend)),
        VERDICT_SETTINGS: JSON.stringify(verdict),
        TEE_ROUTES: Stack.of(this).toJsonString(gates.map(({ route }) => route)),
      } satisfies Record<keyof ApiEnv | keyof (typeof ApiSettings)["shape"], string>,
      // API Gateway gives up after 30 s.
      timeout: Duration.seconds(29),
    });
    const target = this.program.function;
    this.httpApi = new HttpApi(this, "HttpApi", {
      description: "Shadowgraph",
      createDefaultStage: false,
      defaultAuthorizer: new HttpIamAuthorizer(),
    });
    // Route by route: a policy of a caller can only name the route that takes the request.
    const integration = new HttpLambdaIntegration("Integration", target, { scopePermissionToRoute: false });
    for (const route of API_ROUTES) this.httpApi.addRoutes({ ...route, integration });
    const log = new AccessLog(this, "AccessLog", { key: storage.key });
    this.url = addStage(this, { httpApi: this.httpApi, log, requestsPerSecond }).url;
    if (tokens !== undefined) {
      const { key } = storage;
      const shared = { target, log, requestsPerSecond, key, ...(removalPolicy && { removalPolicy }) };
      const { url, site } = new TokenApi(this, "TokenApi", { ...shared, ...tokens });
      new CfnOutput(this, "TokenApiUrl", { description: "The API for people who sign in", value: url });
      if (site !== undefined) {
        new CfnOutput(this, "DashboardUrl", { description: "The dashboard, for people who sign in", value: site.url });
        const { distributionDomainName } = site.distribution;
        new CfnOutput(this, "DashboardAlias", {
          description: "Where a domain of your own points to",
          value: distributionDomainName,
        });
      }
    }

    storage.table.grantReadWrite(target);
    storage.table.grantDelete(target);
    storage.bucket.grant(target, "archive", "read");
    storage.bucket.grant(target, "spill", "read", "write", "delete");
    storage.pairQueue.grantSend(target);
    overlays?.deployQueue.grantSend(target);
    if (resend !== undefined)
      // Not by grantInvoke, which grants its versions as well.
      Grant.addToPrincipal({
        grantee: target,
        actions: ["lambda:InvokeFunction"],
        resourceArns: [resend.program.function.functionArn],
      });
    acknowledgeFolders(this.program, storage, "archive", "spill");
    for (const { entry, route } of gates) {
      grantRule(this.program, entry, "elasticloadbalancing:ModifyRule");
      grantAlarms(this.program, route);
    }
  }
}

const resendingEnvironment = ({ program }: Resend) =>
  ({ RESEND_FUNCTION: program.function.functionName }) satisfies Record<
    Exclude<keyof ApiResending, "AWS_REGION">,
    string
  >;

const deployingEnvironment = ({ deployQueue, allowSecurityGroups }: NonNullable<ApiProps["overlays"]>) =>
  ({
    DEPLOY_QUEUE_URL: deployQueue.queue.queueUrl,
    OVERLAY_ALLOWED_GROUPS: allowSecurityGroups.join(","),
  }) satisfies Record<keyof ApiDeploying, string>;
