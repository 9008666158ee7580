import { CorsHttpMethod, HttpApi, HttpMethod, type IHttpRouteAuthorizer } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpJwtAuthorizer } from "aws-cdk-lib/aws-apigatewayv2-authorizers";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { Duration } from "aws-cdk-lib/core";
import { Construct } from "constructs";
import type { AccessLog } from "./access-log.ts";
import { API_ROUTES } from "./api-routes.ts";
import { addStage } from "./api-stage.ts";
import { refuse } from "./faults.ts";
import { SignIn, type SignInProps } from "./sign-in.ts";

export interface TokenApiProps {
  readonly target: IFunction;
  readonly log: AccessLog;
  readonly requestsPerSecond: number;
  /**
   * Who issues the tokens: the `iss` of an OIDC issuer. Exactly one of `issuer` and `signIn` is given.
   * @default - the user pool of `signIn`
   */
  readonly issuer?: string;
  /**
   * Values of `aud` (or `client_id`) that are accepted; needed with `issuer`.
   * @default - the client of the user pool
   */
  readonly audiences?: readonly string[];
  /**
   * A Cognito user pool of our own.
   * @default - none
   */
  readonly signIn?: Omit<SignInProps, "removalPolicy">;
  /**
   * What a token is good for: to look, or for everything that the API can do.
   * @default "read"
   */
  readonly access?: "read" | "all";
  /**
   * Origins of the pages that may call it, such as `https://shadowgraph.example.com`.
   * @default - none: no page of another origin may
   */
  readonly origins?: readonly string[];
}

/** The same API at a second address, for callers with a token of an OIDC issuer. */
export class TokenApi extends Construct {
  readonly url: string;

  constructor(scope: Construct, id: string, props: TokenApiProps) {
    super(scope, id);
    const { target, log, requestsPerSecond, issuer, audiences = [], signIn, access = "read", origins = [] } = props;
    refuse(id, [
      (issuer === undefined) === (signIn === undefined) ? "exactly one of issuer and signIn must be given" : undefined,
      issuer !== undefined && audiences.length === 0 ? "audiences must name at least one with issuer" : undefined,
    ]);
    const methods =
      access === "read" ? [HttpMethod.GET] : [HttpMethod.GET, HttpMethod.POST, HttpMethod.PUT, HttpMethod.DELETE];
    const httpApi = new HttpApi(this, "HttpApi", {
      description: "Shadowgraph, for people who sign in",
      createDefaultStage: false,
      ...(origins.length === 0
        ? {}
        : {
            corsPreflight: {
              allowOrigins: [...origins],
              allowMethods: methods.map((method) => CorsHttpMethod[method as "GET"]),
              allowHeaders: ["authorization", "content-type", "if-none-match"],
              exposeHeaders: ["etag"],
              maxAge: Duration.hours(1),
            },
          }),
    });
    const integration = new HttpLambdaIntegration("Integration", target, { scopePermissionToRoute: false });
    const authorizer = this.#authorizer(issuer, audiences, signIn);
    for (const { path, methods: known } of API_ROUTES) {
      const allowed = known.filter((method) => methods.includes(method));
      if (allowed.length > 0) httpApi.addRoutes({ path, methods: allowed, integration, authorizer });
    }
    this.url = addStage(this, { httpApi, log, requestsPerSecond }).url;
  }

  #authorizer(
    issuer: string | undefined,
    audiences: readonly string[],
    signIn: TokenApiProps["signIn"],
  ): IHttpRouteAuthorizer {
    if (issuer !== undefined) return new HttpJwtAuthorizer("Tokens", issuer, { jwtAudience: [...audiences] });
    const pool = new SignIn(this, "SignIn", { ...signIn! });
    return new HttpJwtAuthorizer("Tokens", pool.issuer, { jwtAudience: [pool.client.userPoolClientId] });
  }
}
