import type { HttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import { Certificate } from "aws-cdk-lib/aws-certificatemanager";
import {
  AllowedMethods,
  type BehaviorOptions,
  CachePolicy,
  Distribution,
  HeadersFrameOption,
  HeadersReferrerPolicy,
  HttpVersion,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  OriginSslPolicy,
  PriceClass,
  ResponseHeadersPolicy,
  S3OriginAccessControl,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from "aws-cdk-lib/aws-cloudfront";
import { HttpOrigin, S3BucketOrigin } from "aws-cdk-lib/aws-cloudfront-origins";
import { Grant } from "aws-cdk-lib/aws-iam";
import { Code, LayerVersion } from "aws-cdk-lib/aws-lambda";
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type CfnBucket,
  type IBucket,
  ObjectOwnership,
} from "aws-cdk-lib/aws-s3";
import { CustomResource, Duration, Names, RemovalPolicy, Stack, Validations } from "aws-cdk-lib/core";
import { Construct } from "constructs";
import type { SiteEnv } from "../lambdas/site/env.ts";
import { builtStamp, DIST } from "../web/build.ts";
import { securityHeaders } from "../web/headers.ts";
import { API_ROUTES } from "./api-routes.ts";
import type { EncryptionKey } from "./encryption-key.ts";
import { refuse } from "./faults.ts";
import { NodeFunction } from "./node-function.ts";

export interface SiteDomain {
  /** Where the dashboard is to be found, such as `shadowgraph.example.com`; its name points there by an alias of whoever owns it. */
  readonly name: string;
  /** For that name, in us-east-1: CloudFront takes none from elsewhere. */
  readonly certificateArn: string;
}

export interface DashboardSiteProps {
  /** Asked for everything that is no file of the dashboard, at the same origin: pages need no other. */
  readonly httpApi: HttpApi;
  /** Whether pages may change anything. */
  readonly access: "read" | "all";
  /** Origins that pages call beside their own: who signs people in. */
  readonly connectTo: readonly string[];
  /** Of the log of the program that puts the files in place. */
  readonly key: EncryptionKey;
  /**
   * A name of our own.
   * @default - the one that CloudFront gives
   */
  readonly domain?: SiteDomain;
  /**
   * Of the bucket; one that holds something is not deleted by CloudFormation: `DESTROY` asks for it to be emptied first.
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
  /**
   * The built dashboard.
   * @default - web/dist
   */
  readonly files?: string;
}

/** What pages are to be told: config.json. */
export interface SiteConfig {
  readonly signIn: { readonly issuer: string; readonly clientId: string; readonly scope?: string };
}

/** First steps of the API's paths: no file of the dashboard is called like one. */
const API_STEPS = [...new Set(API_ROUTES.map(({ path }) => path.split("/")[1]!))];

/** The dashboard for people who sign in: files in a private bucket, before them and before the API one CloudFront distribution. */
export class DashboardSite extends Construct {
  readonly bucket: Bucket;
  readonly distribution: Distribution;
  /** With a slash at its end: where issuers send people back to. */
  readonly url: string;
  readonly #props: DashboardSiteProps;

  constructor(scope: Construct, id: string, props: DashboardSiteProps) {
    super(scope, id);
    this.#props = props;
    const { httpApi, access, connectTo, domain, removalPolicy = RemovalPolicy.RETAIN } = props;
    this.bucket = siteBucket(this, removalPolicy);
    const responseHeadersPolicy = headersPolicy(this, connectTo);
    const common = { viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS, responseHeadersPolicy };
    const { region, urlSuffix } = Stack.of(this);
    const api: BehaviorOptions = {
      ...common,
      origin: new HttpOrigin(`${httpApi.apiId}.execute-api.${region}.${urlSuffix}`, {
        protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
        originSslProtocols: [OriginSslPolicy.TLS_V1_2],
      }),
      allowedMethods: access === "all" ? AllowedMethods.ALLOW_ALL : AllowedMethods.ALLOW_GET_HEAD,
      cachePolicy: CachePolicy.CACHING_DISABLED,
      originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
    };
    this.distribution = new Distribution(this, "Distribution", {
      comment: "Shadowgraph: the dashboard",
      defaultRootObject: "index.html",
      defaultBehavior: { ...common, origin: filesOf(this, this.bucket) },
      additionalBehaviors: Object.fromEntries(
        API_STEPS.flatMap((step) => [`/${step}`, `/${step}/*`].map((path) => [path, api])),
      ),
      httpVersion: HttpVersion.HTTP2_AND_3,
      priceClass: PriceClass.PRICE_CLASS_100,
      minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
      ...(domain && {
        domainNames: [domain.name],
        certificate: Certificate.fromCertificateArn(this, "Certificate", domain.certificateArn),
      }),
    });
    acknowledge(this.distribution, domain);
    this.url = `https://${domain?.name ?? this.distribution.distributionDomainName}/`;
  }

  /** Puts files and config.json in place, each time one of them changes. */
  publish(config: SiteConfig): void {
    const { key, files = DIST } = this.#props;
    const stamp = builtStamp(files);
    refuse(this.node.id, [
      stamp === undefined ? `the dashboard is not built at ${files}: npm run dashboard` : undefined,
    ]);
    const program = new NodeFunction(this, "Publish", {
      program: "site",
      key,
      description: "Shadowgraph: puts the files of the dashboard in place",
      environment: { SITE_BUCKET: this.bucket.bucketName } satisfies Record<keyof SiteEnv, string>,
      timeout: Duration.minutes(2),
      memoryMiB: 512,
      layers: [
        new LayerVersion(this, "Files", {
          description: "The built dashboard",
          code: Code.fromAsset(files, { exclude: ["**/*.br", "**/*.gz"] }),
        }),
      ],
    });
    Grant.addToPrincipal({
      grantee: program.function,
      actions: ["s3:PutObject"],
      resourceArns: [this.bucket.arnForObjects("*")],
    });
    const logicalId = Stack.of(this).resolve((this.bucket.node.defaultChild as CfnBucket).logicalId) as string;
    Validations.of(program).acknowledge({
      id: `AwsSolutions-IAM5[Resource::<${logicalId}.Arn>/*]`,
      reason: "The bucket holds the files of the dashboard and nothing else; names of files change with each build.",
    });
    new CustomResource(this, "Published", {
      resourceType: "Custom::ShadowgraphDashboard",
      serviceToken: program.function.functionArn,
      serviceTimeout: Duration.minutes(5),
      properties: { Config: Stack.of(this).toJsonString(config), Files: stamp },
    });
  }
}

const siteBucket = (scope: Construct, removalPolicy: RemovalPolicy): Bucket => {
  const bucket = new Bucket(scope, "Bucket", {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    // Files that everybody may have: a key of our own would have to let CloudFront in.
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    versioned: true,
    lifecycleRules: [{ id: "replaced", noncurrentVersionExpiration: Duration.days(30) }],
    removalPolicy,
  });
  Validations.of(bucket).acknowledge({
    id: "AwsSolutions-S1",
    reason: "It holds the files of the dashboard, the same for all; CloudFront alone may read it.",
  });
  return bucket;
};

/** What CloudFront keeps is the account's, not a region's: the same baseline may be in another region as well. */
const globalName = (scope: Construct): string =>
  `${Names.uniqueResourceName(scope, { maxLength: 40 })}-${Stack.of(scope).region}`;

const filesOf = (scope: Construct, bucket: Bucket): S3BucketOrigin => {
  const originAccessControl = new S3OriginAccessControl(scope, "Access", {
    originAccessControlName: globalName(scope),
  });
  return S3BucketOrigin.withOriginAccessControl(bucket as IBucket, { originAccessControl }) as S3BucketOrigin;
};

const headersPolicy = (scope: Construct, connectTo: readonly string[]): ResponseHeadersPolicy => {
  const { "content-security-policy": contentSecurityPolicy = "", ...others } = securityHeaders(connectTo);
  const { "x-content-type-options": _nosniff, "referrer-policy": _referrer, ...custom } = others;
  return new ResponseHeadersPolicy(scope, "Headers", {
    responseHeadersPolicyName: globalName(scope),
    comment: "Shadowgraph: the dashboard",
    securityHeadersBehavior: {
      contentSecurityPolicy: { contentSecurityPolicy, override: true },
      contentTypeOptions: { override: true },
      referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
      frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
      strictTransportSecurity: { accessControlMaxAge: Duration.days(365), includeSubdomains: false, override: true },
    },
    customHeadersBehavior: {
      customHeaders: Object.entries(custom).map(([header, value]) => ({ header, value, override: true })),
    },
  });
};

const acknowledge = (distribution: Distribution, domain: SiteDomain | undefined): void =>
  Validations.of(distribution).acknowledge(
    { id: "AwsSolutions-CFR1", reason: "Engineers travel; who may see anything is what the issuer says." },
    {
      id: "AwsSolutions-CFR2",
      reason: "Files are the same for all; the API behind it asks for a token on every route, and is throttled.",
    },
    {
      id: "AwsSolutions-CFR3",
      reason: "Who asks the API for what is in the API's own access log; the files tell nothing of anybody.",
    },
    ...(domain === undefined
      ? [
          {
            id: "AwsSolutions-CFR4",
            reason:
              "CloudFront sets the protocols of its own name; they cannot be chosen. Give it a domain of your own for TLS 1.2 and later alone.",
          },
        ]
      : []),
  );
