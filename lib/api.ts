import { HttpApi, HttpStage, LogGroupLogDestination } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpIamAuthorizer } from "aws-cdk-lib/aws-apigatewayv2-authorizers";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { Duration, RemovalPolicy } from "aws-cdk-lib/core";
import { Construct } from "constructs";
import type { ApiEnv, ApiSettings } from "../lambdas/api/env.ts";
import { acknowledgeFolders } from "./acknowledgements.ts";
import type { VerdictOverrides } from "./judge.ts";
import { NodeFunction } from "./node-function.ts";
import { adaptersEnvironment, type Storage } from "./storage.ts";

export interface ApiProps {
  readonly storage: Storage;
  /**
   * Those of judge, or the two would give different verdicts.
   * @default - the defaults of core/verdict
   */
  readonly verdict?: VerdictOverrides;
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
    const { storage, verdict = {}, requestsPerSecond = 50 } = props;
    this.program = new NodeFunction(this, "Program", {
      program: "api",
      description: "Shadowgraph: the HTTP API",
      environment: {
        ...adaptersEnvironment(storage),
        VERDICT_SETTINGS: JSON.stringify(verdict),
      } satisfies Record<keyof ApiEnv | keyof (typeof ApiSettings)["shape"], string>,
      // API Gateway gives up after 30 s.
      timeout: Duration.seconds(29),
    });
    const target = this.program.function;
    this.httpApi = new HttpApi(this, "HttpApi", {
      description: "Shadowgraph",
      createDefaultStage: false,
      defaultAuthorizer: new HttpIamAuthorizer(),
      defaultIntegration: new HttpLambdaIntegration("Integration", target),
    });
    const log = new LogGroup(this, "AccessLog", {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const stage = new HttpStage(this, "Stage", {
      httpApi: this.httpApi,
      stageName: "$default",
      autoDeploy: true,
      detailedMetricsEnabled: true,
      throttle: { rateLimit: requestsPerSecond, burstLimit: 2 * requestsPerSecond },
      accessLogSettings: { destination: new LogGroupLogDestination(log) },
    });
    this.url = stage.url;

    storage.table.grantReadWrite(target);
    storage.table.grantDelete(target);
    storage.bucket.grant(target, "archive", "read");
    storage.bucket.grant(target, "spill", "read", "write", "delete");
    storage.pairQueue.queue.grantSendMessages(target);
    acknowledgeFolders(this.program, storage, "archive", "spill");
  }
}
