import {
  AccountRecovery,
  FeaturePlan,
  Mfa,
  OAuthScope,
  UserPool,
  type UserPoolClient,
  UserPoolClientIdentityProvider,
} from "aws-cdk-lib/aws-cognito";
import { Duration, RemovalPolicy, Validations } from "aws-cdk-lib/core";
import { Construct } from "constructs";

export interface SignInProps {
  /** Begins the address of the sign-in page, `https://<prefix>.auth.<region>.amazoncognito.com`; free in the whole region. */
  readonly domainPrefix: string;
  /** Where the page sends people back to: https. */
  readonly callbackUrls: readonly string[];
  /** @default RemovalPolicy.RETAIN */
  readonly removalPolicy?: RemovalPolicy;
}

/** A user pool for those who have no OIDC issuer of their own: nobody signs up, everybody has a second factor. */
export class SignIn extends Construct {
  readonly client: UserPoolClient;
  readonly issuer: string;

  constructor(scope: Construct, id: string, props: SignInProps) {
    super(scope, id);
    const { domainPrefix, callbackUrls, removalPolicy = RemovalPolicy.RETAIN } = props;
    const pool = new UserPool(this, "Pool", {
      selfSignUpEnabled: false,
      signInAliases: { email: true },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      mfa: Mfa.REQUIRED,
      mfaSecondFactor: { sms: false, otp: true },
      featurePlan: FeaturePlan.ESSENTIALS,
      passwordPolicy: {
        minLength: 12,
        requireDigits: true,
        requireLowercase: true,
        requireUppercase: true,
        requireSymbols: true,
        tempPasswordValidity: Duration.days(3),
      },
      deletionProtection: removalPolicy === RemovalPolicy.RETAIN,
      removalPolicy,
    });
    Validations.of(pool).acknowledge({
      id: "AwsSolutions-COG8",
      reason: "The Plus plan costs per user; with second factors, no sign-up and a few engineers it is theirs to add.",
    });
    pool.addDomain("Domain", { cognitoDomain: { domainPrefix } });
    this.client = pool.addClient("Pages", {
      // Pages keep no secret: the code is bound to the page that asked (PKCE).
      generateSecret: false,
      oAuth: {
        flows: { authorizationCodeGrant: true },
        scopes: [OAuthScope.OPENID, OAuthScope.EMAIL],
        callbackUrls: [...callbackUrls],
      },
      supportedIdentityProviders: [UserPoolClientIdentityProvider.COGNITO],
      preventUserExistenceErrors: true,
      accessTokenValidity: Duration.hours(1),
      idTokenValidity: Duration.hours(1),
      refreshTokenValidity: Duration.days(1),
    });
    this.issuer = pool.userPoolProviderUrl;
  }
}
