import { AccessLogFormat } from "aws-cdk-lib/aws-apigateway";
import { type IAccessLogSettings, LogGroupLogDestination } from "aws-cdk-lib/aws-apigatewayv2";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { RemovalPolicy, Stack } from "aws-cdk-lib/core";
import { Construct } from "constructs";
import type { EncryptionKey } from "./encryption-key.ts";

export interface AccessLogProps {
  readonly key: EncryptionKey;
  /** @default RetentionDays.ONE_MONTH */
  readonly retention?: RetentionDays;
}

const FIELDS = {
  requestId: "$context.requestId",
  at: "$context.requestTimeEpoch",
  from: "$context.identity.sourceIp",
  who: "$context.identity.userArn",
  subject: "$context.authorizer.claims.sub",
  route: "$context.routeKey",
  path: "$context.path",
  status: "$context.status",
  ms: "$context.responseLatency",
  error: "$context.error.message",
  authorizerError: "$context.authorizer.error",
};

/** Who asked the API for what, a line of JSON each. */
export class AccessLog extends Construct {
  readonly settings: IAccessLogSettings;

  constructor(scope: Construct, id: string, { key, retention = RetentionDays.ONE_MONTH }: AccessLogProps) {
    super(scope, id);
    const group = new LogGroup(this, "Group", {
      // Under any other name API Gateway adds each group to a policy of the account, of 5 120 characters, and fails when it is full.
      logGroupName: `/aws/vendedlogs/${Stack.of(this).stackName}/api`,
      encryptionKey: key.key,
      retention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.settings = {
      destination: new LogGroupLogDestination(group),
      format: AccessLogFormat.custom(JSON.stringify(FIELDS)),
    };
  }
}
