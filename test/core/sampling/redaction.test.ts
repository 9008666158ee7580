import { BaselineFile, OverlayFile, planOf } from "../../../core/sampling/environment.ts";
import { BaselineRedaction, OverlayRedaction, redactionOf } from "../../../core/sampling/redaction.ts";

const faultsOf = (given: object): string[] =>
  BaselineRedaction.safeParse(given).error?.issues.map(({ path, message }) => `${path.join(".")} ${message}`) ?? [];

test.each<[object, string]>([
  [{ headers: ["a b"] }, "headers.0 must be a header name (RFC 9110 token)"],
  [{ headers: ["Content-Type"] }, "headers.0 must not be a header by which bodies are read"],
  [{ names: ["--"] }, "names.0 must have a letter or digit (ASCII); elsewhere only these are looked at"],
  [{ json: ["a/b"] }, "json.0 must be an RFC 6901 pointer"],
  [{ json: [""] }, "json.0 must be an RFC 6901 pointer"],
  [{ json: ["/a~2b"] }, "json.0 must be an RFC 6901 pointer"],
  [{ json: ["/**/a"] }, "json.0 must have ** as its last step only"],
  [{ json: ["/a".repeat(33)] }, "json.0 must have at most 32 steps"],
  [{ paths: ["/reset/token"] }, "paths.0 must say which step is secret, in braces: /reset/{token}"],
  [{ paths: ["/reset/x{token}"] }, "paths.0 must be a path such as /reset/{token}"],
  [{ paths: ["reset/{token}"] }, "paths.0 must be a path such as /reset/{token}"],
  [{ patterns: ["(a+)+"] }, 'patterns.0 must say how often at most: {1,64} in place of +; got "(a+)+"'],
  [{ patterns: ["a{1000}", "b{1000}", "c{100}"] }, "patterns must together match at most 2048 characters"],
  [{ keep: ["Set-Cookie"] }, 'keep.0 must not name credentials of HTTP itself; got "Set-Cookie"'],
  [{ names: ["my_token"], keep: ["myToken"] }, 'keep.0 must not name what is declared secret beside it; got "myToken"'],
  [{ emails: "yes" }, "emails "],
  [{ cookies: ["a"] }, " "],
])("%j is refused: %s", (given, fault) => {
  expect(faultsOf(given)).toEqual([expect.stringContaining(fault)]);
});

test("every fault is told at once", () => {
  expect(faultsOf({ headers: ["a b"], json: ["x"], patterns: ["^abc", "a*"] })).toHaveLength(4);
});

test("an overlay adds and takes nothing away", () => {
  expect(OverlayRedaction.safeParse({ keep: ["token"] }).success).toBe(false);
  const baseline = BaselineRedaction.parse({ headers: ["a"], json: ["/a"], keep: ["token", "pin"] });
  const overlay = OverlayRedaction.parse({ headers: ["a", "b"], names: ["to-ken"], emails: true });
  expect(redactionOf(baseline, overlay)).toEqual({
    ...baseline,
    headers: ["a", "b"],
    names: ["to-ken"],
    emails: true,
    keep: ["pin"],
  });
  expect(redactionOf(baseline, undefined)).toBe(baseline);
  expect(redactionOf(undefined, undefined)).toBeUndefined();
});

test("the plan tells the tee what is secret for each overlay", () => {
  const services = { web: { url: "http://localhost:3000" } };
  const run = { id: "r", attempt: 1, startedAt: 1, baselineVersion: "1", candidateVersion: "2" };
  const overlay = (id: string, redact: object | undefined) => ({
    ...{ id, baseline: "b", createdAt: 1, shadow: { enabled: true }, run, revision: 0 },
    file: OverlayFile.parse({ name: id, services: { web: { url: "http://localhost:3001" } }, redact }),
  });
  const planWith = (redact: object | undefined) =>
    planOf(
      { id: "b", createdAt: 1, file: BaselineFile.parse({ name: "b", services, redact }) },
      [overlay("plain", undefined), overlay("more", { names: ["iban"] })],
      "web",
    ).entries.map((entry) => entry.redact?.names);
  expect(planWith({ names: ["vat"] })).toEqual([["vat"], ["vat", "iban"]]);
  expect(planWith(undefined)).toEqual([undefined, ["iban"]]);
});
