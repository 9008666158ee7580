import type { Ports } from "../../adapters/ports.ts";
import { BaselineRedaction } from "../../core/sampling/redaction.ts";
import { parseShadowed, register, SERVICE } from "../../local/registration.ts";
import { type AwsStack, startStack } from "../adapters/aws-stack.ts";

let stack: AwsStack;
let ports: Ports;
let ids = 0;
beforeAll(async () => {
  stack = await startStack();
  ports = stack.ports;
});
afterAll(() => stack.stop());

type Options = Parameters<typeof parseShadowed>[0];
const urls = { primary: "http://localhost:3000", candidate: "http://localhost:3001" };
const up = (options: Partial<Options>) =>
  register(parseShadowed({ ...urls, ...options }), {
    ports,
    who: "local:me",
    now: () => 7,
    newId: (prefix) => `${prefix}-${++ids}`,
  });

test("the first start makes a baseline, an overlay with everything mirrored, and its first run", async () => {
  const overlay = await up({ name: "first" });
  expect(overlay).toMatchObject({
    shadow: { enabled: true },
    run: { attempt: 1 },
    file: { sampling: { percent: 100 } },
  });
  expect(overlay.file.services[SERVICE]).toMatchObject({ url: urls.candidate, secondary: "baseline" });
  expect((await ports.catalog.baseline(overlay.baseline)).file.services).toEqual({ [SERVICE]: { url: urls.primary } });
  expect(await ports.catalog.runs(overlay.id)).toEqual([overlay.run]);
});

test("the same start again continues the run", async () => {
  const first = await up({ name: "again" });
  expect(await up({ name: "again" })).toEqual(first);
  expect(await ports.catalog.runs(first.id)).toHaveLength(1);
});

test.each<[string, Partial<Options>]>([
  ["another candidate", { candidate: "http://localhost:3009" }],
  ["another primary", { primary: "http://localhost:3009" }],
  ["another secondary", { secondary: "none" }],
  ["a control overlay", { secondary: "http://localhost:3002" }],
  ["another version of the candidate", { candidateVersion: "2" }],
  ["another version of the baseline", { baselineVersion: "2" }],
  ["another route list", { routes: ["GET /a"] }],
  ["schemas of its answers", { schemas: { responses: { "GET /a": { "200": "#/a" } }, schemas: { "#/a": true } } }],
  ["another redaction", { redact: BaselineRedaction.parse({ names: ["iban"] }) }],
  ["the wish for it", { newRun: true }],
])("%s begins a new run of the same overlay, which is then continued", async (what, change) => {
  const name = what.replaceAll(" ", "-");
  const first = await up({ name });
  const second = await up({ name, ...change });
  expect(second).toMatchObject({ id: first.id, run: { attempt: 2 } });
  expect(second.run.id).not.toBe(first.run.id);
  expect(await up({ name, ...change, newRun: false })).toEqual(second);
  expect((await ports.catalog.runs(first.id)).map(({ attempt }) => attempt)).toEqual([1, 2]);
});

test("an OpenAPI file that is given again, or not given again, changes nothing", async () => {
  const openapi = (ref: string) => ({
    routes: ["GET /a"],
    schemas: { responses: { "GET /a": { "200": ref } }, schemas: { [ref]: true } },
  });
  const first = await up({ name: "told", ...openapi("#/a") });
  expect(await up({ name: "told", ...openapi("#/a") })).toEqual(first);
  expect(await up({ name: "told" })).toEqual(first);
  expect((await up({ name: "told", ...openapi("#/b") })).run.attempt).toBe(2);
  const without = { routes: ["GET /a"], schemas: { responses: {}, schemas: {} } };
  const second = await up({ name: "untold", ...without });
  expect(await up({ name: "untold", ...without })).toEqual(second);
});

test("back to an earlier primary is a new run against the same baseline as then", async () => {
  const first = await up({ name: "back" });
  await up({ name: "back", primary: "http://localhost:3009" });
  const third = await up({ name: "back" });
  expect(third).toMatchObject({ baseline: first.baseline, run: { attempt: 3 } });
});

test("what the user has set stays as it is", async () => {
  const first = await up({ name: "kept", rules: [{ ignore: "body/time" }] });
  const sampling = { ...first.file.sampling, percent: 10 };
  const changed = {
    ...first,
    shadow: { enabled: false },
    file: { ...first.file, sampling, sideEffects: "isolated" as const },
  };
  await ports.catalog.putOverlay(changed);
  expect(await up({ name: "kept" })).toMatchObject({
    shadow: { enabled: false },
    file: { sampling, sideEffects: "isolated" },
  });
  expect((await up({ name: "kept", candidateVersion: "2" })).file).toMatchObject({ sampling, sideEffects: "isolated" });
  expect(await ports.rules.rules(first.id)).toEqual({ version: 1, rules: [{ ignore: "body/time" }] });
});

test("sampling and rules that are given replace those stored, without a new run", async () => {
  const first = await up({ name: "given", rules: [{ ignore: "body/a" }] });
  const second = await up({ name: "given", samplePercent: 5, rules: [{ ignore: "body/b" }] });
  expect(second).toMatchObject({ run: first.run, file: { sampling: { percent: 5 } } });
  await up({ name: "given", rules: [{ ignore: "body/b" }] });
  expect(await ports.rules.rules(first.id)).toEqual({ version: 2, rules: [{ ignore: "body/b" }] });
});

test("an order of mirrors that is given is kept until another is, or none; it begins no new run", async () => {
  const first = await up({ name: "ordered" });
  expect(first.file.orderBy).toBeUndefined();
  const orderBy = { cookie: "session" };
  const second = await up({ name: "ordered", orderBy });
  expect(second).toMatchObject({ run: first.run, file: { orderBy } });
  expect(await up({ name: "ordered" })).toEqual(second);
  expect((await up({ name: "ordered", samplePercent: 5 })).file.orderBy).toEqual(orderBy);
  expect((await up({ name: "ordered", orderBy: null })).file.orderBy).toBeUndefined();
  expect((await up({ name: "ordered-at-once", orderBy })).file.orderBy).toEqual(orderBy);
});

test("names that share their beginning have baselines of their own addresses", async () => {
  const long = "a-name-of-more-than-thirty-letters";
  const one = await up({ name: `${long}-1` });
  const two = await up({ name: `${long}-2` });
  const three = await up({ name: `${long}-3`, primary: "http://localhost:3009" });
  expect(two.baseline).toBe(one.baseline);
  expect(three.baseline).not.toBe(one.baseline);
});

test.each<[string, Partial<Options>, string]>([
  ["no address", { primary: "localhost" }, "primary"],
  ["a path of the primary", { primary: "http://localhost:3000/api" }, "primary"],
  ["credentials", { candidate: "http://me:secret@localhost" }, "candidate"],
  ["another protocol", { candidate: "ftp://localhost" }, "candidate"],
  ["no secondary that we know", { secondary: "maybe" }, "secondary"],
  ["more than all", { samplePercent: 101 }, "samplePercent"],
  ["a name with spaces", { name: "my overlay" }, "name"],
])("%s is refused by the name of its option", (_, change, field) => {
  expect(() => parseShadowed({ ...urls, ...change })).toThrow(
    expect.objectContaining({ code: "invalid-input", faults: [expect.objectContaining({ field })] }),
  );
});

test("what is redacted stays so under another version, until it is said anew; who said what is kept", async () => {
  const redact = BaselineRedaction.parse({ names: ["iban"], keep: ["token"] });
  const first = await up({ name: "secretive", redact });
  const second = await up({ name: "secretive", baselineVersion: "2" });
  expect((await ports.catalog.baseline(second.baseline)).file).toMatchObject({ version: "2", redact });
  const third = await up({ name: "secretive", baselineVersion: "2", redact: BaselineRedaction.parse({}) });
  expect((await ports.catalog.baseline(third.baseline)).file.redact).toMatchObject({ names: [], keep: [] });
  const [entry] = await ports.audit.entries(first.baseline);
  expect(entry).toMatchObject({ who: "local:me", what: "baseline.create", after: { file: { redact } } });
});
