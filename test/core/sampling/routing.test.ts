import { Baseline, mirroredRoutes, Overlay, routingOf } from "../../../core/sampling/environment.ts";

const url = "http://localhost:3000";
const baselineOf = (services: Readonly<Record<string, object>>): Baseline =>
  Baseline.parse({ id: "bl", createdAt: 1, file: { name: "shop", services } });
const overlayOf = (services: readonly string[], match = {}): Overlay =>
  Overlay.parse({
    id: "ov",
    baseline: "bl",
    createdAt: 1,
    file: { name: "pr", services: Object.fromEntries(services.map((name) => [name, { url }])), sampling: { match } },
    shadow: { enabled: true },
    run: { id: "r", attempt: 1, startedAt: 1, baselineVersion: "a", candidateVersion: "b" },
    revision: 0,
  });

test("the routes are those of the changed services, whole where each has its list", () => {
  const baseline = baselineOf({ a: { url, routes: ["GET /a"] }, b: { url, routes: ["GET /b"] }, c: { url } });
  expect(routingOf(baseline, overlayOf(["a", "b"]))).toEqual({ routes: ["GET /a", "GET /b"], isWhole: true });
  expect(routingOf(baseline, overlayOf(["a", "c"]))).toEqual({ routes: ["GET /a"], isWhole: false });
  expect(routingOf(baseline, overlayOf(["c"]))).toEqual({ routes: [], isWhole: false });
});

test.each<[match: object, mirrored: readonly string[]]>([
  [{}, ["GET /a/{id}", "GET /b"]],
  [{ methods: ["POST"] }, ["POST /a"]],
  [{ includePaths: ["/b"] }, ["GET /b"]],
  [{ excludePaths: ["/b"] }, ["GET /a/{id}"]],
])("with %j, %j can get pairs", (match, mirrored) => {
  expect(mirroredRoutes(["GET /a/{id}", "GET /b", "POST /a"], overlayOf(["a"], match))).toEqual(mirrored);
});
