import { MAX_NAMES_BELOW } from "../../core/endpoints/slugs.ts";
import { type AwsStack, startStack } from "./aws-stack.ts";

let stack: AwsStack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const users = Array.from({ length: MAX_NAMES_BELOW + 1 }, (_, n) => `GET /users/name-${n}`);

test("of an environment nothing is known at first, and others' endpoints never", async () => {
  const { endpointMap } = stack.ports;
  expect(await endpointMap.learned("ov-1")).toEqual([]);
  await endpointMap.learn("ov-1", ["GET /orders"]);
  expect(await endpointMap.learned("ov-1")).toEqual(["GET /orders"]);
  expect(await endpointMap.learned("ov-2")).toEqual([]);
});

test("many that learn at once lose nothing of each other", async () => {
  const { endpointMap } = stack.ports;
  const parts = [0, 1, 2, 3].map((part) => users.filter((_, n) => n % 4 === part));
  await Promise.all(parts.map((part) => endpointMap.learn("ov-crowd", part)));
  expect(await endpointMap.learned("ov-crowd")).toEqual(["GET /users/{slug}"]);
});
