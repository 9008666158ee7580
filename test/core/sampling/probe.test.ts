import { randomBytes } from "node:crypto";
import { BaselineFile, type Overlay, OverlayFile, planOf, probesOf } from "../../../core/sampling/environment.ts";
import { canaryOf, needsAnswer, Probe, withAnswer } from "../../../core/sampling/probe.ts";
import type { ProbeRecord } from "../../../core/sampling/writes.ts";

const PROBE = { write: { path: "/notes", body: "{canary}" }, read: { path: "/notes" } };
const BASELINE = {
  id: "bl",
  createdAt: 0,
  file: BaselineFile.parse({ name: "shop", services: { web: { url: "http://b" }, cart: { url: "http://cart" } } }),
};
interface Given {
  readonly sideEffects?: string;
  readonly methods?: readonly string[];
  readonly probe?: unknown;
  readonly service?: Record<string, unknown>;
}
const overlayOf = ({ sideEffects = "isolated", methods = ["GET", "POST"], probe, service }: Given): Overlay => ({
  id: "ov",
  baseline: "bl",
  createdAt: 0,
  file: OverlayFile.parse({
    name: "pr",
    sideEffects,
    sampling: { match: { methods } },
    services: { web: { url: "http://c", secondary: "none", ...(probe === undefined ? {} : { probe }), ...service } },
  }),
  shadow: { enabled: true },
  run: { id: "run-1", attempt: 1, startedAt: 0, baselineVersion: "1", candidateVersion: "2" },
  revision: 0,
});
const recordFor = (overlay: Overlay, state: ProbeRecord["state"]): ProbeRecord => {
  const [wanted] = probesOf(BASELINE, [overlay], "web");
  const { env, run, service, key, sideEffects } = wanted!;
  return {
    env,
    run,
    service,
    key,
    sideEffects,
    state,
    reason: `it is ${state}`,
    tee: "t-1",
    at: 1,
    tries: 1,
    nextAt: 2,
  };
};
const stateOf = (overlay: Overlay, records: readonly ProbeRecord[] = []) =>
  planOf(BASELINE, [overlay], "web", records).entries[0]!.writes.state;

test.each<[string, Given, ProbeRecord["state"] | undefined, string]>([
  ["no method that writes is listed", { methods: ["GET"], probe: PROBE }, undefined, "unlisted"],
  ["nothing is declared", { sideEffects: "none", probe: PROBE }, undefined, "undeclared"],
  ["a declaration without a probe", {}, undefined, "unprobed"],
  ["a probe that no tee took up", { probe: PROBE }, undefined, "waiting"],
  ["a probe under way", { probe: PROBE }, "probing", "probing"],
  ["a probe that could not tell", { probe: PROBE }, "unclear", "unclear"],
  ["a probe that found the canary", { probe: PROBE }, "failed", "failed"],
  ["a probe that passed", { probe: PROBE }, "passed", "mirrored"],
])("writes with %s", (_, given, state, expected) => {
  const overlay = overlayOf(given);
  expect(stateOf(overlay, state === undefined ? [] : [recordFor(overlay, state)])).toBe(expected);
});

test.each<[string, (overlay: Overlay) => Overlay]>([
  ["another run", (overlay) => ({ ...overlay, run: { ...overlay.run, id: "run-2" } })],
  ["another declaration", () => overlayOf({ probe: PROBE, sideEffects: "stubbed" })],
  ["another probe", () => overlayOf({ probe: { ...PROBE, watchSeconds: 1 } })],
  ["another address", () => overlayOf({ probe: PROBE, service: { url: "http://elsewhere" } })],
  ["a header more", () => overlayOf({ probe: PROBE, service: { setHeaders: { a: "1" } } })],
  ["a control overlay beside it", () => overlayOf({ probe: PROBE, service: { secondary: { url: "http://s" } } })],
])("a probe that passed says nothing of %s", (_, changed) => {
  const overlay = overlayOf({ probe: PROBE });
  const passed = recordFor(overlay, "passed");
  expect(stateOf(overlay, [passed])).toBe("mirrored");
  expect(stateOf(changed(overlay), [passed])).toBe("waiting");
});

test("both lanes that would get writes are probed, the baseline asked once more is none of them", () => {
  const lanesOf = (secondary: unknown) =>
    probesOf(BASELINE, [overlayOf({ probe: PROBE, service: { secondary } })], "web")[0]!.lanes.map(({ lane }) => lane);
  expect(lanesOf({ url: "http://s" })).toEqual(["candidate", "secondary"]);
  expect(lanesOf("baseline")).toEqual(["candidate"]);
});

test("nothing is probed of an overlay that is switched off, or of another service", () => {
  const overlay = overlayOf({ probe: PROBE });
  expect(probesOf(BASELINE, [{ ...overlay, shadow: { enabled: false } }], "web")).toEqual([]);
  expect(probesOf(BASELINE, [overlay], "cart")).toEqual([]);
});

test("the read may look through another service of the baseline", () => {
  const overlay = overlayOf({ probe: { ...PROBE, read: { service: "cart", path: "/" } } });
  expect(probesOf(BASELINE, [overlay], "web")[0]).toMatchObject({ readUrl: "http://cart" });
});

test.each<[string, unknown, RegExp]>([
  ["no canary", { ...PROBE, write: { path: "/notes" } }, /must hold \{canary\}/],
  ["a method that is safe", { ...PROBE, write: { ...PROBE.write, method: "GET" } }, /must be a method that writes/],
  ["a path that splits the head", { ...PROBE, read: { path: "/a\r\nX: y" } }, /must begin with \//],
  [
    "a header that splits the head",
    { ...PROBE, read: { path: "/a", headers: { a: "b\r\nc: d" } } },
    /control characters/,
  ],
  ["a watch of an hour", { ...PROBE, watchSeconds: 3_600 }, /60/],
  ["what it does not know", { ...PROBE, reads: 1 }, /reads/],
])("a probe with %s is refused", (_, probe, message) => {
  expect(() => Probe.parse(probe)).toThrow(message);
});

test.each([
  ["word", /^canary[0-9a-f]{32}$/],
  ["number", /^[1-9]\d{14}$/],
  ["uuid", /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/],
] as const)("a canary as a %s", (form, looks) => {
  const canaries = Array.from({ length: 200 }, () => canaryOf(form, randomBytes(16)));
  for (const canary of canaries) expect(canary).toMatch(looks);
  expect(new Set(canaries).size).toBe(200);
});

test.each([
  ["/orders/{answer/id}", '{"id":17}', "/orders/17"],
  ["/orders/{answer/order/a~1b}", '{"order":{"a/b":"x y"}}', "/orders/x%20y"],
  ["/orders/{answer}", '"17"', "/orders/17"],
  ["/orders/{answer/id}", "no JSON", undefined],
  ["/orders/{answer/id}", '{"id":{}}', undefined],
  ["/orders/{answer/__proto__}", "{}", undefined],
  ["/orders/{answer/id}", '{"id":".."}', undefined],
  ["/orders/{answer/id}", '{"id":"../admin?x"}', "/orders/..%2Fadmin%3Fx"],
])("%s, of the answer %s", (path, answer, filled) => {
  expect(needsAnswer({ path, body: "" })).toBe(true);
  expect(withAnswer(path, answer, encodeURIComponent)).toBe(filled);
});
