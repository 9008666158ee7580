import { type HttpApi, HttpStage } from "aws-cdk-lib/aws-apigatewayv2";
import type { Construct } from "constructs";
import type { AccessLog } from "./access-log.ts";

export interface ApiStageProps {
  readonly httpApi: HttpApi;
  readonly log: AccessLog;
  /** From all callers together; twice as many in a burst. */
  readonly requestsPerSecond: number;
}

/** The one stage of an HTTP API: throttled, logged, measured by route. */
export const addStage = (scope: Construct, { httpApi, log, requestsPerSecond }: ApiStageProps): HttpStage =>
  new HttpStage(scope, "Stage", {
    httpApi,
    stageName: "$default",
    autoDeploy: true,
    detailedMetricsEnabled: true,
    throttle: { rateLimit: requestsPerSecond, burstLimit: 2 * requestsPerSecond },
    accessLogSettings: log.settings,
  });
