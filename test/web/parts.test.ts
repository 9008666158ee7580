import type { Finding } from "../../web/api-shapes.js";
import { pathOf } from "../../web/src/api.ts";
import { parseConfig } from "../../web/src/config.ts";
import { logTicks } from "../../web/src/parts/log-ticks.ts";
import { proposalsOf, ruleOf } from "../../web/src/parts/rule-proposals.ts";
import { hrefOf, matchPath, parseHash } from "../../web/src/router.ts";

describe("addresses", () => {
  test.each([["local"], ["a/b?c#d"], ["ü %"], ["."]])("the name %j survives", (name) => {
    const { steps, query } = parseHash(
      hrefOf(["env", name, "findings"], { endpoint: "GET /a?b=c&d", kind: undefined }),
    );
    expect(matchPath("env/:id/findings", steps)).toEqual({ id: name });
    expect(query).toEqual({ endpoint: "GET /a?b=c&d" });
  });

  test("one that is none leads nowhere", () => {
    expect(matchPath("env/:id", parseHash("#/env/%E0%A4%A").steps)).toBeUndefined();
  });

  test("those of the API are escaped", () => {
    const input = { params: { id: "a/../b", findingId: "x" }, query: { limit: 3, cursor: "1.2+" } };
    expect(pathOf("GET /environments/{id}/diffs/{findingId}/pairs", input)).toEqual([
      "GET",
      "/environments/a%2F..%2Fb/diffs/x/pairs?limit=3&cursor=1.2%2B",
    ]);
  });
});

describe("ticks of a logarithmic axis", () => {
  test.each([
    [0.0957, 3.1, 9, [0.1, 0.2, 0.5, 1, 2]],
    [0.05, 700, 9, [0.1, 1, 10, 100]],
    [1e-9, 1e9, 4, [1e-5, 1, 1e5]],
    [0.11, 0.19, 9, [0.11, 0.19]],
    [3, 3, 9, [3, 3]],
    [1, 10, 0.3, [1]],
  ])("from %d to %d, no more than %d", (min, max, most, ticks) => expect(logTicks(min, max, most)).toEqual(ticks));
});

describe("config.json", () => {
  const signIn = { issuer: "https://login.example/", clientId: "web" };

  test("left out it is this origin and nobody; an address loses its last slash", () => {
    expect(parseConfig({})).toEqual({ api: "", signIn: null });
    expect(parseConfig({ api: "https://api.example/", signIn })).toEqual({
      api: "https://api.example",
      signIn: { issuer: "https://login.example", clientId: "web", scope: "openid profile email" },
    });
  });

  test.each([
    [[], "the file must be an object"],
    [{ API: "" }, "API is no field"],
    [{ api: "javascript:alert(1)" }, "api must be an https URL"],
    [{ signIn: { ...signIn, clientId: 7 } }, "signIn.clientId must be a text"],
    [{ signIn: { ...signIn, secret: "x" } }, "secret is no field"],
  ])("%j is refused by name", (value, message) => {
    expect(() => parseConfig(value)).toThrow(message);
  });
});

describe("rules that fit a finding", () => {
  const finding = (over: Partial<Finding>, ...values: readonly (readonly [string, string])[]): Finding =>
    ({
      endpoint: "GET /a",
      place: "body/total",
      kind: "value",
      examples: values.map(([primary, candidate]) => ({ primary, candidate })),
      ...over,
    }) as Finding;
  const everywhere = { endpoint: undefined, because: " " };

  test("numbers: a tolerance that just lets the examples pass", () => {
    const [tolerance, ignore] = proposalsOf(finding({}, ["100", "101"], ["0.0825", "0.083"]));
    expect(ruleOf(tolerance!, tolerance!.value!, { endpoint: "GET /a", because: "rounded" })).toEqual({
      endpoint: "GET /a",
      because: "rounded",
      tolerance: "body/total",
      relative: 0.01,
    });
    expect(ruleOf(ignore!, "", everywhere)).toEqual({ ignore: "body/total" });
  });

  test.each(["", "x", "0", "0 %", "101 %", "-1 %"])("%j is no tolerance", (text) => {
    const [tolerance] = proposalsOf(finding({}, ["1", "2"]));
    expect(ruleOf(tolerance!, text, everywhere)).toBeUndefined();
  });

  test("lists: any order, or by the field that looks like a name", () => {
    const examples = [['[{"sku":"a","n":1}]', '[{"sku":"b","n":1}]']] as const;
    const [order, key] = proposalsOf(finding({ kind: "order", place: "body/lines" }, ...examples));
    expect(ruleOf(order!, "", everywhere)).toEqual({ orderFree: "body/lines" });
    expect(ruleOf(key!, key!.value!, everywhere)).toEqual({ keyedBy: "body/lines", key: "sku" });
  });

  test("inside a list: the key is of the list, not of the field", () => {
    const [key] = proposalsOf(finding({ place: "body/a/*/b/*/price" }, ["x", "y"]));
    expect(ruleOf(key!, "id", everywhere)).toEqual({ keyedBy: "body/a/*/b", key: "id" });
  });

  test("text that is no number and no list can only be ignored", () => {
    expect(proposalsOf(finding({}, ["a", "b"])).map(({ verb }) => verb)).toEqual(["ignore"]);
  });
});
