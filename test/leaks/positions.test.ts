import { createRedactor } from "../../core/capture/redact.ts";
import { BODIES, HEADERS, TARGETS } from "./positions.ts";
import { scan } from "./scan.ts";
import { Plants } from "./secrets.ts";

// What docs/redaction.md says is not recognised is not: were it, the declarations of the leak test would prove nothing.

const { headers, target, body } = createRedactor(Buffer.from("key"));
const isFound = (bytes: Uint8Array | string): boolean => scan("", [Buffer.from(bytes as string)]).leaks.length > 0;
const byRule = <One extends { readonly by: string; readonly name: string }>(positions: readonly One[]) =>
  positions.filter(({ by }) => by === "rule").map((one) => [one.name, one] as const);

test.each(byRule(BODIES))("without a declaration it would be found: %s", (_, { make }) => {
  const { body: content, headers: lines } = make(new Plants());
  const type = lines
    .find((line) => line.startsWith("Content-Type:"))
    ?.slice("Content-Type:".length)
    .trim();
  expect(isFound(body(content, type))).toBe(true);
});

test.each(byRule(HEADERS))("without a declaration it would be found: %s", (_, { make }) => {
  const list = make(new Plants()).map(
    (line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)] as const,
  );
  expect(isFound(headers(list).join())).toBe(true);
});

test.each(byRule(TARGETS))("without a declaration it would be found: %s", (_, { make }) => {
  expect(isFound(target(make(new Plants())))).toBe(true);
});
