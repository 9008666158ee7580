import { createHash, createHmac } from "node:crypto";
import { signingFetch } from "../../cli/signing.ts";
import { cliUnderTest } from "./cli-under-test.ts";

const API = "https://abc123.execute-api.eu-west-1.amazonaws.com";
const KEY = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "a secret", sessionToken: "a token" };

interface Sent {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const sending = async (
  url: string,
  init: RequestInit = {},
  env: Record<string, string> = {},
  api = API,
): Promise<Sent> => {
  let sent: Sent | undefined;
  const io = {
    env,
    fetch: (async (target: URL, { method = "GET", headers = {}, body = "" }: RequestInit = {}) => {
      sent = { url: new URL(target), method, headers: headers as Record<string, string>, body: String(body) };
      return new Response();
    }) as typeof fetch,
  };
  await signingFetch(api, io, async () => KEY)(url, init);
  return sent!;
};

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();

/** Signature Version 4 as AWS describes it ("Create a signed AWS API request"), written a second time. */
const signatureOf = ({ url, method, headers, body }: Sent, region: string): string => {
  const authorization = headers.authorization!;
  const names = /SignedHeaders=([^,]+)/.exec(authorization)![1]!.split(";");
  const all: Record<string, string> = { ...headers, host: url.host };
  const query = [...url.searchParams].map((pair) => pair.map(encodeURIComponent).join("=")).sort();
  const path = url.pathname.split("/").map(encodeURIComponent).join("/");
  const canonical = [
    method,
    path,
    query.join("&"),
    ...names.map((name) => `${name}:${all[name]}`),
    "",
    names.join(";"),
    sha256(body),
  ].join("\n");
  const at = headers["x-amz-date"]!;
  const scope = [at.slice(0, 8), region, "execute-api", "aws4_request"];
  const key = scope.reduce<string | Buffer>((secret, part) => hmac(secret, part), `AWS4${KEY.secretAccessKey}`);
  return hmac(key as Buffer, ["AWS4-HMAC-SHA256", at, scope.join("/"), sha256(canonical)].join("\n")).toString("hex");
};

test.each<[title: string, path: string, init: RequestInit]>([
  ["a question", "/environments", {}],
  ["a query", "/environments/pr-7/diffs?kind=type&limit=5", {}],
  ["a name that is escaped", "/overlays/a%20b", { method: "DELETE" }],
  ["a body", "/overlays", { method: "POST", headers: { "content-type": "application/json" }, body: '{"a":"\u00e9"}' }],
])("%s to API Gateway is signed with the caller's credentials", async (_title, path, init) => {
  const sent = await sending(`${API}${path}`, init);
  const { authorization } = sent.headers;
  expect(authorization).toContain(`Signature=${signatureOf(sent, "eu-west-1")}`);
  expect(authorization).toMatch(/Credential=AKIDEXAMPLE\/\d{8}\/eu-west-1\/execute-api\/aws4_request/);
  expect(authorization).toMatch(/SignedHeaders=\S*host;/);
  expect(sent.headers["x-amz-security-token"]).toBe(KEY.sessionToken);
  expect(sent.url.href).toBe(`${API}${path}`);
  expect(sent.body).toBe(init.body ?? "");
});

test("under a domain name of one's own, for the region that is given", async () => {
  const api = "https://shadowgraph.example.com";
  expect((await sending(`${api}/environments`, {}, {}, api)).headers.authorization).toBeUndefined();
  const sent = await sending(`${api}/environments`, {}, { SHADOWGRAPH_SIGN_REGION: "us-east-2" }, api);
  expect(sent.headers.authorization).toContain(`Signature=${signatureOf(sent, "us-east-2")}`);
});

test.each(["http://127.0.0.1:8081", "https://execute-api.eu-west-1.amazonaws.com.evil.example"])(
  "to %s nothing is signed",
  async (api) => {
    expect((await sending(`${api}/environments`, {}, {}, api)).headers).toEqual({});
  },
);

test("without TLS nothing is sent", async () => {
  const cli = cliUnderTest();
  const { exit, err } = await cli.run(`env list --api ${API.replace("https", "http")}`);
  expect(exit).toBe(2);
  expect(err).toContain("--api (or SHADOWGRAPH_API): must begin with https:// where requests are signed");
});

test("a refusal of API Gateway says what is missing", async () => {
  const cli = cliUnderTest();
  const refusing = async () => Response.json({ message: "Forbidden" }, { status: 403 });
  const env = { AWS_ACCESS_KEY_ID: KEY.accessKeyId, AWS_SECRET_ACCESS_KEY: KEY.secretAccessKey };
  const before = { ...process.env };
  Object.assign(process.env, env);
  try {
    const { exit, err } = await cli.run(`env list --api ${API}`, { fetch: refusing });
    expect(exit).toBe(2);
    expect(err).toContain(`refused the request: the credentials need execute-api:Invoke for GET /environments`);
  } finally {
    process.env = before;
  }
});

test("without credentials it is said how to give some", async () => {
  const before = { ...process.env };
  for (const name of Object.keys(process.env)) if (name.startsWith("AWS_")) delete process.env[name];
  Object.assign(process.env, {
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    AWS_CONFIG_FILE: "/dev/null",
  });
  try {
    const { exit, err } = await cliUnderTest().run(`env list --api ${API}`);
    expect(exit).toBe(2);
    expect(err).toMatch(/no AWS credentials were found to sign with .*: set AWS_PROFILE/);
  } finally {
    process.env = before;
  }
});
