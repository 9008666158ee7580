import fc from "fast-check";
import { compare } from "../../../core/diff/compare.ts";
import { createSchemasOf } from "../../../core/diff/schemas.ts";
import { createNaming } from "../../../core/endpoints/naming.ts";
import { OpenApiFile, routesIn } from "../../../core/endpoints/openapi.ts";
import { schemasIn } from "../../../core/endpoints/response-schemas.ts";
import { marksOf } from "../../../core/noise/odd.ts";
import { answer, failed, json } from "./captures.ts";

const USER = { type: "object", required: ["id"], properties: { id: { type: "integer" }, name: { type: "string" } } };
const content = (schema: unknown) => ({ content: { "application/json": { schema } } });
const file = OpenApiFile.parse({
  paths: { "/users/{name}": { get: { responses: { "200": content(USER), "5XX": content({ required: ["code"] }) } } } },
});
const naming = createNaming({ routes: routesIn(file), isWhole: true });
const schemasOf = createSchemasOf([schemasIn(file).found], naming);
const terms = { schemas: schemasOf("GET /users/alice") };
const AT = Date.UTC(2026, 0, 1);

type Lane = ReturnType<typeof json> | ReturnType<typeof failed>;
const odds = (primary: ReturnType<typeof json>, candidate: Lane, secondary?: Lane) =>
  marksOf(primary, candidate, secondary, AT, terms)
    .marks.filter(({ kind }) => kind === "schema")
    .map(({ place, odd }) => `${place} ${odd}`);
const [GOOD, OTHER, BAD, WORSE] = ['{"id":1}', '{"id":2}', '{"id":"1"}', '{"id":"2"}'].map(json) as [
  ReturnType<typeof json>,
  ReturnType<typeof json>,
  ReturnType<typeof json>,
  ReturnType<typeof json>,
];

test("schemas are those of the endpoint's route", () => {
  expect(terms.schemas).toBeDefined();
  expect(schemasOf("GET /users")).toBeUndefined();
  expect(createSchemasOf([], naming)("GET /users/alice")).toBeUndefined();
});

test("a place at which only one answer breaks its schema is a divergence of its own, with what it asks for", () => {
  const { divergences } = compare(GOOD, BAD, terms);
  expect(divergences).toContainEqual({
    place: "body/id",
    kind: "schema",
    left: "as its schema says",
    right: 'asks for integer; got "1"',
  });
  expect(divergences.map(({ kind }) => kind)).toEqual(["type", "schema"]);
  expect(compare(GOOD, json("{}"), terms).divergences).toContainEqual({
    place: "body/id",
    kind: "schema",
    left: "as its schema says",
    right: "asks for it to be there; it is missing",
  });
});

test.each<[title: string, left: ReturnType<typeof json>, right: ReturnType<typeof json>]>([
  ["both fit", GOOD, OTHER],
  ["both break it in the same way", BAD, WORSE],
  ["another status has no schema", GOOD, { ...BAD, status: 404 }],
  ["the body is no JSON", answer({ body: "x" }), answer({ body: "y" })],
  [
    "only the beginning is known",
    GOOD,
    answer({ headers: [["content-type", "application/json"]], body: '{"id":"', cut: true }),
  ],
])("nothing is said where %s", (_title, left, right) => {
  expect(compare(left, right, terms).divergences.filter(({ kind }) => kind === "schema")).toEqual([]);
});

test("each status has its own schema", () => {
  const { divergences } = compare(GOOD, { ...json('{"error":1}'), status: 503 }, terms);
  expect(divergences.filter(({ kind }) => kind === "schema").map(({ place }) => place)).toEqual(["body/code"]);
});

test.each<
  [title: string, primary: ReturnType<typeof json>, candidate: Lane, secondary: Lane | undefined, odd: string[]]
>([
  ["the candidate alone", GOOD, BAD, OTHER, ["body/id candidate"]],
  ["the secondary alone", GOOD, OTHER, BAD, ["body/id secondary"]],
  ["both copies alike", GOOD, BAD, BAD, ["body/id primary"]],
  ["both copies, each in its own way", GOOD, BAD, WORSE, ["body/id all"]],
  ["the primary alone", BAD, GOOD, GOOD, []],
  ["primary and secondary", BAD, GOOD, BAD, []],
  ["primary and candidate", BAD, BAD, GOOD, []],
  ["the candidate, without a secondary", GOOD, BAD, undefined, ["body/id unknown"]],
  ["the primary, without a secondary", BAD, GOOD, undefined, ["body/id reverse"]],
  ["a candidate that failed", BAD, failed("timeout"), GOOD, []],
])("who breaks the schema: %s", (_title, primary, candidate, secondary, odd) => {
  expect(odds(primary, candidate, secondary)).toEqual(odd);
});

test("exchanging candidate and secondary exchanges them in every mark", () => {
  const part = fc.constantFrom(1, 2, "1", "2", null, undefined);
  const body = fc.record({ id: part, name: part }).map((value) => json(JSON.stringify(value)));
  const other: Readonly<Record<string, string>> = { candidate: "secondary", secondary: "candidate" };
  const marks = (...lanes: readonly [ReturnType<typeof json>, Lane, Lane]) =>
    marksOf(...lanes, AT, terms).marks.map(({ place, kind, odd }) => [place, kind, odd] as const);
  fc.assert(
    fc.property(body, body, body, (p, c, s) => {
      const exchanged = marks(p, s, c).map(([place, kind, odd]) => [place, kind, other[odd] ?? odd]);
      expect(marks(p, c, s).toSorted()).toEqual(exchanged.toSorted());
    }),
    { numRuns: 500 },
  );
});
