import { readFileSync } from "node:fs";
import { ROUTES } from "../../lambdas/api/routes.ts";

interface Policy {
  readonly Statement: readonly { readonly Action: string; readonly Resource: readonly string[] }[];
}

/** The routes that a policy of examples/policies lets its holder ask. */
const allowedBy = (name: string): readonly string[] => {
  const text = readFileSync(new URL(`../../examples/policies/${name}.json`, import.meta.url), "utf8");
  const patterns = (JSON.parse(text) as Policy).Statement.flatMap(({ Action, Resource }) => {
    expect(Action).toBe("execute-api:Invoke");
    return Resource.map((arn) => {
      const [, asked] = arn.split("/$default/");
      return new RegExp(`^${asked!.replaceAll("*", ".*")}$`);
    });
  });
  const asked = ROUTES.map(({ method, path }) => ({ route: `${method} ${path}`, arn: `${method}${path}` }));
  for (const pattern of patterns) expect(asked.some(({ arn }) => pattern.test(arn))).toBe(true);
  return asked.filter(({ arn }) => patterns.some((pattern) => pattern.test(arn))).map(({ route }) => route);
};

const writesOf = (name: string) =>
  allowedBy(name)
    .filter((route) => !route.startsWith("GET "))
    .sort();

test.each([
  ["read", []],
  [
    "shadow",
    [
      "DELETE /overlays/{id}",
      "POST /environments/{id}/recheck",
      "POST /environments/{id}/replay",
      "POST /overlays",
      "PUT /environments/{id}/shadow",
    ],
  ],
  ["rules", ["POST /environments/{id}/rules/preview", "PUT /environments/{id}/rules"]],
  ["release", ["POST /baselines", "POST /environments/{id}/promote", "POST /overlays/{id}/release", "PUT /bypass"]],
])("the policy %s lets its holder read everything, and change what it is for", (name, writes) => {
  expect(writesOf(name)).toEqual(writes);
  expect(allowedBy(name)).toEqual(
    expect.arrayContaining(ROUTES.filter(({ method }) => method === "GET").map(({ path }) => `GET ${path}`)),
  );
});

test("together they let their holders do everything that the API can", () => {
  const all = new Set(["read", "shadow", "rules", "release"].flatMap(allowedBy));
  expect([...all].sort()).toEqual(ROUTES.map(({ method, path }) => `${method} ${path}`).sort());
});
