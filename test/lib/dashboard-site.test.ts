import { readdirSync } from "node:fs";
import type { Template } from "aws-cdk-lib/assertions";
import { API_ROUTES } from "../../lib/api-routes.ts";
import { DIST } from "../../web/build.ts";
import { securityHeaders } from "../../web/headers.ts";
import { buildDashboard } from "./build-dashboard.ts";
import { templateOf } from "./templates.ts";

beforeAll(buildDashboard, 60_000);

const ISSUED = { issuer: "https://login.example.com/realm", audiences: ["shadowgraph"] };
const POOLED = { signIn: { domainPrefix: "shadowgraph-shop" } };
const DOMAIN = {
  name: "shadowgraph.example.com",
  certificateArn: "arn:aws:acm:us-east-1:111122223333:certificate/12345678-1234-1234-1234-123456789012",
};

const siteOf = (tokens: object): Template =>
  templateOf({ account: "111122223333", region: "eu-central-1", baselines: { shop: { api: { tokens } } } } as never);
// biome-ignore lint/suspicious/noExplicitAny: a template is JSON of many shapes
type Loose = any;
const onlyOf = (template: Template, type: string, id = ""): Loose =>
  Object.entries(template.findResources(type))
    .filter(([name]) => name.includes(id))
    .map(([, one]) => one)[0]!.Properties;

let made: Template | undefined;
const issued = (): Template => {
  made ??= siteOf({ ...ISSUED, site: { clientId: "dashboard", connectTo: ["https://tokens.example.com"] } });
  return made;
};

test("the bucket is private, speaks TLS alone, and lets nobody read but this distribution", () => {
  const template = issued();
  expect(onlyOf(template, "AWS::S3::Bucket", "Site")).toMatchObject({
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    },
    VersioningConfiguration: { Status: "Enabled" },
  });
  const { Statement } = onlyOf(template, "AWS::S3::BucketPolicy", "Site").PolicyDocument;
  const allowed = Statement.filter((one: Loose) => one.Effect === "Allow");
  expect(allowed).toMatchObject([
    {
      Action: "s3:GetObject",
      Principal: { Service: "cloudfront.amazonaws.com" },
      Condition: { StringEquals: { "AWS:SourceArn": expect.anything() } },
    },
  ]);
  expect(Statement).toContainEqual(
    expect.objectContaining({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
  );
});

test("files come from the bucket, every path of the API from the API, uncached, and all by TLS", () => {
  const { DistributionConfig } = onlyOf(issued(), "AWS::CloudFront::Distribution");
  const { CacheBehaviors, DefaultCacheBehavior, DefaultRootObject, Origins } = DistributionConfig;
  expect([DefaultRootObject, DefaultCacheBehavior.ViewerProtocolPolicy]).toEqual(["index.html", "redirect-to-https"]);
  expect(Origins).toHaveLength(2);
  expect(Origins.find((one: Loose) => one.CustomOriginConfig).CustomOriginConfig).toMatchObject({
    OriginProtocolPolicy: "https-only",
    OriginSSLProtocols: ["TLSv1.2"],
  });
  const patterns: string[] = CacheBehaviors.map((one: Loose) => one.PathPattern);
  for (const { path } of API_ROUTES) {
    const fits = patterns.some(
      (pattern) => pattern === path || (pattern.endsWith("/*") && path.startsWith(pattern.slice(0, -1))),
    );
    expect([path, fits]).toEqual([path, true]);
  }
  const CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";
  for (const one of CacheBehaviors)
    expect(one).toMatchObject({
      ViewerProtocolPolicy: "redirect-to-https",
      CachePolicyId: CACHING_DISABLED,
      AllowedMethods: ["GET", "HEAD"],
    });
  expect(CacheBehaviors.length).toBeLessThanOrEqual(25);
});

test("no file of the dashboard is called like a path of the API", () => {
  const steps = new Set(API_ROUTES.map(({ path }) => path.split("/")[1]));
  expect(readdirSync(DIST).filter((name) => steps.has(name))).toEqual([]);
});

test("pages may write where tokens may", () => {
  const { CacheBehaviors } = onlyOf(
    siteOf({ ...POOLED, access: "all", site: {} }),
    "AWS::CloudFront::Distribution",
  ).DistributionConfig;
  expect(CacheBehaviors[0].AllowedMethods).toEqual(expect.arrayContaining(["PUT", "POST", "DELETE"]));
});

test("pages run under the same policy as on one machine, and call beside their own origin the issuer alone", () => {
  const { ResponseHeadersPolicyConfig } = onlyOf(issued(), "AWS::CloudFront::ResponseHeadersPolicy");
  const { SecurityHeadersConfig, CustomHeadersConfig } = ResponseHeadersPolicyConfig;
  const headers = securityHeaders(["https://login.example.com", "https://tokens.example.com"]);
  expect(SecurityHeadersConfig.ContentSecurityPolicy).toEqual({
    ContentSecurityPolicy: headers["content-security-policy"],
    Override: true,
  });
  expect(SecurityHeadersConfig).toMatchObject({
    StrictTransportSecurity: { AccessControlMaxAgeSec: 31_536_000 },
    ContentTypeOptions: { Override: true },
    ReferrerPolicy: { ReferrerPolicy: "no-referrer" },
  });
  expect(CustomHeadersConfig.Items.map((one: Loose) => one.Header).sort()).toEqual([
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
  ]);
});

test("what CloudFront names for the whole account has the region in its name: the same baseline may be in another", () => {
  const { ResponseHeadersPolicyConfig } = onlyOf(issued(), "AWS::CloudFront::ResponseHeadersPolicy");
  const { OriginAccessControlConfig } = onlyOf(issued(), "AWS::CloudFront::OriginAccessControl");
  for (const { Name } of [ResponseHeadersPolicyConfig, OriginAccessControlConfig])
    expect(Name).toMatch(/^\w{1,40}-eu-central-1$/);
});

test("config.json names issuer and client; a page of the same origin needs no address of the API", () => {
  const { Config, Files } = onlyOf(issued(), "Custom::ShadowgraphDashboard");
  expect(JSON.parse(Config)).toEqual({ signIn: { issuer: ISSUED.issuer, clientId: "dashboard" } });
  expect(Files).toMatch(/^[0-9a-f]{64}$/);
});

test("with a pool of our own the page is its client, and is where it sends people back to", () => {
  const template = siteOf({ ...POOLED, site: { domain: DOMAIN } });
  expect(onlyOf(template, "AWS::Cognito::UserPoolClient").CallbackURLs).toEqual(["https://shadowgraph.example.com/"]);
  const text = JSON.stringify(onlyOf(template, "Custom::ShadowgraphDashboard").Config);
  expect(text).toContain("openid email");
  expect(text).toMatch(/"Ref":"ApiTokenApiSignInPool\w*Pages/);
  const { ContentSecurityPolicy } = onlyOf(template, "AWS::CloudFront::ResponseHeadersPolicy")
    .ResponseHeadersPolicyConfig.SecurityHeadersConfig.ContentSecurityPolicy;
  expect(JSON.stringify(ContentSecurityPolicy)).toContain(
    "https://shadowgraph-shop.auth.eu-central-1.amazoncognito.com",
  );
  const { DistributionConfig } = onlyOf(template, "AWS::CloudFront::Distribution");
  expect(DistributionConfig).toMatchObject({
    Aliases: [DOMAIN.name],
    ViewerCertificate: { AcmCertificateArn: DOMAIN.certificateArn, MinimumProtocolVersion: "TLSv1.2_2021" },
  });
});

test("what puts the files in place may put them, write its log, and nothing else", () => {
  const { PolicyDocument } = onlyOf(issued(), "AWS::IAM::Policy", "SitePublish");
  const actions = PolicyDocument.Statement.flatMap((one: Loose) => one.Action);
  expect(actions.sort()).toEqual([
    "logs:CreateLogStream",
    "logs:PutLogEvents",
    "s3:PutObject",
    "xray:PutTelemetryRecords",
    "xray:PutTraceSegments",
  ]);
});

test("without site nothing of it is there", () => {
  const template = siteOf({ ...ISSUED });
  template.resourceCountIs("AWS::CloudFront::Distribution", 0);
});

test.each([
  [{ ...ISSUED, site: {} }, /site\.clientId|must be given with issuer/],
  [{ ...POOLED, site: { clientId: "a" } }, /left out with signIn/],
  [POOLED, /must name at least one where there is no site/],
  [{ ...POOLED, site: { connectTo: ["https://a.example.com/path"] } }, /without a path/],
  [
    {
      ...POOLED,
      site: { domain: { ...DOMAIN, certificateArn: DOMAIN.certificateArn.replace("us-east-1", "eu-west-1") } },
    },
    /us-east-1/,
  ],
  [{ ...POOLED, site: { domain: { ...DOMAIN, name: "https://x" } } }, /such as shadowgraph\.example\.com/],
])("%j is refused", (tokens, message) => expect(() => siteOf(tokens)).toThrow(message));
