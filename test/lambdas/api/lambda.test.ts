import { handle } from "hono/aws-lambda";
import { NO_LOAD_BALANCER } from "../../../adapters/bypass.ts";
import { VerdictSettings } from "../../../core/verdict/settings.ts";
import { createApi } from "../../../lambdas/api/app.ts";
import { callerOf } from "../../../lambdas/api/caller.ts";
import { newId } from "../../../lambdas/api/new-id.ts";
import { resend } from "../../../lambdas/resend/resend.ts";
import { type Loose, SHOP } from "./api-under-test.ts";
import { judgementsOf } from "./judgements.ts";
import { memoryPorts } from "./memory-ports.ts";

/** An event of API Gateway's HTTP API, payload version 2.0. */
const event = (method: string, rawPath: string, body: unknown, authorizer: object): Loose => ({
  version: "2.0",
  routeKey: "$default",
  rawPath,
  rawQueryString: "limit=1",
  headers: { host: "api.example.com", "content-type": "application/json" },
  requestContext: { http: { method, path: rawPath, protocol: "HTTP/1.1", sourceIp: "192.0.2.1" }, authorizer },
  ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  isBase64Encoded: false,
});

test("the app answers API Gateway, and the audit names the signed principal", async () => {
  const handler = handle(
    createApi({
      ports: memoryPorts(),
      now: Date.now,
      newId,
      settings: VerdictSettings.parse({}),
      allowSecurityGroups: [],
      who: callerOf,
      bypass: NO_LOAD_BALANCER,
      resender: { signsAsTees: true, send: (task) => resend(task) },
      readJudgement: judgementsOf(() => ({})),
    }),
  );
  const ask = async (...request: Parameters<typeof event>): Promise<Loose> => handler(event(...request), {} as Loose);
  const iam = { iam: { userArn: "arn:aws:sts::1:assumed-role/ci/run" } };
  const refused = await ask("POST", "/baselines", { file: SHOP }, iam);
  expect([refused.statusCode, refused.headers["content-type"]]).toEqual([400, "application/problem+json"]);
  const audit = await ask("GET", "/environments/shop/audit", undefined, iam);
  expect(audit.statusCode).toBe(404);
});

const withAuthorizer = (authorizer: object) => ({ event: { requestContext: { authorizer } } });

test.each([
  ["a signed principal", withAuthorizer({ iam: { userArn: "arn:aws:iam::1:user/ana" } }), "arn:aws:iam::1:user/ana"],
  ["a token's e-mail", withAuthorizer({ jwt: { claims: { sub: "1", email: "ana@example.com" } } }), "ana@example.com"],
  ["a token's subject", withAuthorizer({ iam: null, jwt: { claims: { sub: "abc" } } }), "abc"],
  ["nobody", withAuthorizer({}), "unknown"],
  ["no event", undefined, "unknown"],
])("%s is who asks", (_title, bindings, who) => {
  expect(callerOf(new Request("http://a"), bindings)).toBe(who);
});

test("an id is its prefix, a dash and six characters, each time another", () => {
  const ids = Array.from({ length: 1_000 }, () => newId("pr-7"));
  for (const id of ids) expect(id).toMatch(/^pr-7-[0-9a-hjkmnp-tv-z]{6}$/);
  expect(new Set(ids).size).toBe(1_000);
});
