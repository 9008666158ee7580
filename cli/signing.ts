import { ShadowgraphError } from "../core/errors.ts";
import type { Io } from "./io.ts";

/** The API on AWS, behind API Gateway. */
const API_GATEWAY = /^[a-z0-9-]+\.execute-api\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/;

/** The region for which requests to this API are signed; undefined: they are not. A domain of one's own is no sign of AWS. */
const regionOf = (url: URL, env: Io["env"]): string | undefined =>
  env.SHADOWGRAPH_SIGN_REGION || API_GATEWAY.exec(url.hostname)?.[1];

interface Identity {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Credentials, if they are asked for. */
export type Credentials = () => Promise<Identity>;

/**
 * Signs what goes to an API on AWS (SigV4, service `execute-api`) with credentials of the usual chain: environment, profile, SSO, web
 * identity, the role of the machine. They and the signer are loaded only then.
 * @throws ShadowgraphError "invalid-input" for an API on AWS without TLS; "forbidden" where no credentials are found, or API Gateway refuses them
 */
export const signingFetch = (
  api: string,
  io: Pick<Io, "env" | "fetch">,
  credentials: Credentials = usualChain(),
): typeof fetch => {
  const base = new URL(api);
  const region = regionOf(base, io.env);
  if (region === undefined) return io.fetch;
  if (base.protocol !== "https:") {
    const message = `must begin with https:// where requests are signed; got "${api}"`;
    throw new ShadowgraphError("invalid-input", "the address of the API is not valid", {
      faults: [{ field: "--api (or SHADOWGRAPH_API)", message }],
    });
  }
  return async (input, init = {}) => {
    const [{ SignatureV4 }, { Sha256 }] = await Promise.all([
      import("@smithy/signature-v4"),
      import("../adapters/sha256.ts"),
    ]);
    const url = new URL(String(input));
    const signer = new SignatureV4({ service: "execute-api", region, sha256: Sha256, credentials });
    const signed = await signer.sign({
      method: init.method ?? "GET",
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: { ...(init.headers as Record<string, string> | undefined), host: url.host },
      body: init.body,
    });
    const { host: _host, ...headers } = signed.headers;
    const response = await io.fetch(url, { ...init, headers });
    if (response.status !== 403 || response.headers.get("content-type")?.includes("problem")) return response;
    const needed = `the credentials need execute-api:Invoke for ${init.method ?? "GET"} ${url.pathname}`;
    throw new ShadowgraphError("forbidden", `API Gateway at ${base.host} refused the request: ${needed}`);
  };
};

/** Keeps what it found until that expires: a command that waits asks many times. */
const usualChain = (): Credentials => {
  let chain: Promise<Credentials> | undefined;
  return async () => {
    chain ??= import("@aws-sdk/credential-provider-node").then(({ defaultProvider }) => defaultProvider());
    return (await chain)().catch(refuse);
  };
};

const refuse = (cause: unknown): never => {
  const ways = "set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or sign in with `aws sso login`";
  const why = cause instanceof Error ? cause.message : String(cause);
  throw new ShadowgraphError("forbidden", `no AWS credentials were found to sign with (${why}): ${ways}`, { cause });
};
