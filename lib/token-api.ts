import { CorsHttpMethod, HttpApi, HttpMethod } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpJwtAuthorizer } from "aws-cdk-lib/aws-apigatewayv2-authorizers";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { Duration, type RemovalPolicy, Stack } from "aws-cdk-lib/core";
import { Construct } from "constructs";
import type { AccessLog } from "./access-log.ts";
import { API_ROUTES } from "./api-routes.ts";
import { addStage } from "./api-stage.ts";
import { DashboardSite, type DashboardSiteProps } from "./dashboard-site.ts";
import type { EncryptionKey } from "./encryption-key.ts";
import { refuse } from "./faults.ts";
import { SignIn, type SignInProps } from "./sign-in.ts";

export interface SiteSettings extends Pick<DashboardSiteProps, "domain"> {
  /** The dashboard as a public client of `issuer`; left out with `signIn`, which knows it. */
  readonly clientId?: string;
  /** @default "openid profile email", with `signIn` "openid email" */
  readonly scope?: string;
  /**
   * Further origins of the issuer, such as that of its token endpoint where it is another.
   * @default - none
   */
  readonly connectTo?: readonly string[];
}

export interface TokenApiProps {
  readonly target: IFunction;
  readonly log: AccessLog;
  /** Of what the dashboard needs. */
  readonly key: EncryptionKey;
  /**
   * Of the dashboard's bucket and the user pool.
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
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
   * The dashboard, served at an origin of its own together with this API.
   * @default - none: pages are served elsewhere, or not at all
   */
  readonly site?: SiteSettings;
  /**
   * Origins of other pages that may call it, such as `https://shadowgraph.example.com`.
   * @default - none: no page of another origin may
   */
  readonly origins?: readonly string[];
}

/** The same API at a second address, for callers with a token of an OIDC issuer. */
export class TokenApi extends Construct {
  readonly url: string;
  readonly site: DashboardSite | undefined;

  constructor(scope: Construct, id: string, props: TokenApiProps) {
    super(scope, id);
    const { target, log, requestsPerSecond, issuer, audiences = [], signIn, access = "read", origins = [] } = props;
    const { key, site, removalPolicy } = props;
    refuse(id, [
      (issuer === undefined) === (signIn === undefined) ? "exactly one of issuer and signIn must be given" : undefined,
      issuer !== undefined && audiences.length === 0 ? "audiences must name at least one with issuer" : undefined,
      site !== undefined && (issuer === undefined) !== (site.clientId === undefined)
        ? "site.clientId must be given with issuer, and left out with signIn"
        : undefined,
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
    this.site =
      site &&
      new DashboardSite(this, "Site", {
        httpApi,
        access,
        key,
        connectTo: [...issuerOrigins(this, issuer, signIn), ...(site.connectTo ?? [])],
        ...(site.domain && { domain: site.domain }),
        ...(removalPolicy && { removalPolicy }),
      });
    const integration = new HttpLambdaIntegration("Integration", target, { scopePermissionToRoute: false });
    const tokens = this.#tokensOf(issuer, audiences, signIn, removalPolicy);
    const authorizer = new HttpJwtAuthorizer("Tokens", tokens.issuer, { jwtAudience: [...tokens.audiences] });
    const clientId = site?.clientId ?? tokens.audiences[0]!;
    const asked = site?.scope ?? (signIn === undefined ? undefined : "openid email");
    this.site?.publish({ signIn: { issuer: tokens.issuer, clientId, ...(asked && { scope: asked }) } });
    for (const { path, methods: known } of API_ROUTES) {
      const allowed = known.filter((method) => methods.includes(method));
      if (allowed.length > 0) httpApi.addRoutes({ path, methods: allowed, integration, authorizer });
    }
    this.url = addStage(this, { httpApi, log, requestsPerSecond }).url;
  }

  #tokensOf(
    issuer: string | undefined,
    audiences: readonly string[],
    signIn: TokenApiProps["signIn"],
    removalPolicy: RemovalPolicy | undefined,
  ): { readonly issuer: string; readonly audiences: readonly string[] } {
    if (issuer !== undefined) return { issuer, audiences };
    const callbackUrls = [...signIn!.callbackUrls, ...(this.site === undefined ? [] : [this.site.url])];
    const pool = new SignIn(this, "SignIn", { ...signIn!, callbackUrls, ...(removalPolicy && { removalPolicy }) });
    return { issuer: pool.issuer, audiences: [pool.client.userPoolClientId] };
  }
}

/** Where pages go to sign in: the issuer's discovery document, and the endpoints that it names. */
const issuerOrigins = (
  scope: Construct,
  issuer: string | undefined,
  signIn: TokenApiProps["signIn"],
): readonly string[] => {
  if (issuer !== undefined) return [new URL(issuer).origin];
  const { region, urlSuffix } = Stack.of(scope);
  return [
    `https://cognito-idp.${region}.${urlSuffix}`,
    `https://${signIn!.domainPrefix}.auth.${region}.amazoncognito.com`,
  ];
};
