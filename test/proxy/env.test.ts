import { parseTeeEnv } from "../../proxy/env.ts";
import { DEFAULT_LIMITS } from "../../proxy/limits.ts";

const GOOD = { PRIMARY_URL: "http://localhost:3000", BASELINE_ID: "b", SERVICE: "app", TEE_ID: "t1" };

test("an environment with the least in it gets the defaults", () => {
  expect(parseTeeEnv(GOOD)).toMatchObject({ PORT: 8080, HOST: "0.0.0.0", limits: DEFAULT_LIMITS, METRICS: "off" });
  expect(parseTeeEnv(GOOD).ADMIN_PORT).toBeUndefined();
});

test("every limit can be set by its name in upper case", () => {
  const { limits } = parseTeeEnv({ ...GOOD, MAX_BODY_BYTES: "5", DRAIN_MS: "7", MAX_IDLE_MIRRORS: "0" });
  expect(limits).toMatchObject({ maxBodyBytes: 5, drainMs: 7, maxIdleMirrors: 0, maxHeadBytes: 65_536 });
});

test.each([
  ["PRIMARY_URL", "not a url", "must be an absolute URL"],
  ["PRIMARY_URL", "ftp://x", "must begin with http:// or https://"],
  ["PRIMARY_URL", "http://x/path", "must have no path"],
  ["PORT", "", "must be a whole number of 0 to 65535"],
  ["PORT", "70000", "65535"],
  ["TEE_ID", "a b", "must be 1-32 of a-z and 0-9"],
  ["HOST", "", "must not be empty"],
  ["ADMIN_PORT", "", "must be a whole number of 0 to 65535"],
  ["METRICS", "prometheus", "must be off or emf"],
  ["MAX_BODY_BYTES", "1.5", "must be a whole number"],
  ["MAX_BODY_BYTES", "0", ">=1"],
])("%s=%j is refused by name, with what was got and what is allowed", (name, value, message) => {
  const parse = () => parseTeeEnv({ ...GOOD, [name]: value });
  expect(parse).toThrow(
    expect.objectContaining({ code: "invalid-input", faults: [expect.objectContaining({ field: name })] }),
  );
  expect(parse).toThrow(message);
  expect(parse).toThrow(`got ${JSON.stringify(value)}`);
});

test("without a name a tee gives itself one that no other has", () => {
  const { TEE_ID: _named, ...unnamed } = GOOD;
  const ids = [1, 2].map(() => parseTeeEnv(unnamed).TEE_ID);
  expect(ids[0]).toMatch(/^[0-9a-f]{12}$/);
  expect(ids[1]).not.toBe(ids[0]);
});

test.each([
  ["too short", "s3cret-of-the-tee"],
  ["with a space", `s3cret ${"x".repeat(40)}`],
  ["with a comma, which stands between two keys where marks are checked", `s3cret,${"x".repeat(40)}`],
])("a key of marks that is %s is refused, and not shown", (_, key) => {
  const parse = () => parseTeeEnv({ ...GOOD, SHADOWGRAPH_MARK_KEY: key });
  expect(parse).toThrow(
    `SHADOWGRAPH_MARK_KEY: must be 32 to 1024 characters of ASCII without spaces and commas; got ${key.length} characters`,
  );
  expect(parse).not.toThrow(/s3cret/);
});
