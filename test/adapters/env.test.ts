import { AdaptersEnv, parseEnv } from "../../adapters/env.ts";
import { faultOf } from "../../adapters/fault.ts";
import { keyOf, objectKeyOf, prefixOf } from "../../adapters/key.ts";

const good = {
  TABLE_NAME: "t",
  BUCKET_NAME: "b",
  SEGMENT_QUEUE_URL: "https://sqs.eu-west-1.amazonaws.com/1/segments",
  JUDGE_QUEUE_URL: "http://127.0.0.1:4566/0/judge",
};

test("what is left out has its default", () => {
  expect(parseEnv(AdaptersEnv, { ...good, OTHER: "1" })).toEqual({
    ...good,
    FACTS_TTL_DAYS: 14,
    FACT_SHARDS: 4,
    WAKE_BUCKET_MS: 1_000,
  });
});

test.each([
  ["an empty name", { TABLE_NAME: "" }, "TABLE_NAME"],
  ["a name left out", { BUCKET_NAME: undefined }, "BUCKET_NAME"],
  ["an empty number, which is not 0", { FACTS_TTL_DAYS: "" }, "FACTS_TTL_DAYS"],
  ["a number with a unit", { FACTS_TTL_DAYS: "7d" }, "FACTS_TTL_DAYS"],
  ["a number that is no whole one", { FACT_SHARDS: "1.5" }, "FACT_SHARDS"],
  ["a number over its limit", { FACT_SHARDS: "257" }, "FACT_SHARDS"],
  ["a queue that is no address", { JUDGE_QUEUE_URL: "judge" }, "JUDGE_QUEUE_URL"],
])("%s is a fault that names the variable and what it was", (_, change: Record<string, string | undefined>, field) => {
  expect(() => parseEnv(AdaptersEnv, { ...good, ...change })).toThrow(
    expect.objectContaining({ code: "invalid-input", faults: [{ field, message: expect.stringContaining("got ") }] }),
  );
});

test("all faults are reported together", () => {
  expect(() => parseEnv(AdaptersEnv, {})).toThrow(/TABLE_NAME.*BUCKET_NAME.*SEGMENT_QUEUE_URL.*JUDGE_QUEUE_URL/);
});

test.each([
  [
    ["a", "b#c"],
    ["a#b", "c"],
  ],
  [
    ["a%23", "b"],
    ["a#", "b"],
  ],
  [
    ["a", "", "b"],
    ["a", "b"],
  ],
])("the parts %j and %j have different keys", (one, other) => {
  expect(keyOf(...one)).not.toBe(keyOf(...other));
});

test("a prefix ends where its part ends", () => {
  expect(keyOf("VERDICT", "run-11", 1).startsWith(prefixOf("VERDICT", "run-1"))).toBe(false);
});

test.each([
  [["..", "a"], "__/a"],
  [["a/b", "c"], "a%2Fb/c"],
  [["tee.epoch.run.1"], "tee.epoch.run.1"],
])("the object key of %j is %s", (parts, key) => {
  expect(objectKeyOf(...parts)).toBe(key);
});

test.each([
  ["AccessDeniedException", "internal"],
  ["ResourceNotFoundException", "internal"],
  ["TimeoutError", "unavailable"],
  ["ProvisionedThroughputExceededException", "unavailable"],
])("%s is %s, with its cause", (name, code) => {
  const cause = Object.assign(new Error("why"), { name });
  expect(faultOf(cause, "read overlays")).toMatchObject({ code, cause, message: `read overlays: ${name}: why` });
});
