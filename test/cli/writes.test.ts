import { probesOf } from "../../core/sampling/environment.ts";
import type { ProbeRecord } from "../../core/sampling/writes.ts";
import { type CliUnderTest, cliUnderTest } from "./cli-under-test.ts";

const PROBE = `
    probe:
      write: { path: /orders, body: "{canary}" }
      read: { path: /orders }`;
const overlay = (probe: string) => `name: checkout
services:
  web:
    url: http://localhost:3001${probe}
sideEffects: isolated
sampling: { match: { methods: [GET, POST] } }
`;

const create = async (probe: string): Promise<CliUnderTest & { readonly said: string }> => {
  const cli = cliUnderTest();
  cli.files["baseline.yaml"] = "name: shop\nservices: { web: { url: http://localhost:3000 } }\n";
  cli.files["overlay.yaml"] = overlay(probe);
  await cli.run("baseline create --file baseline.yaml");
  const { out, exit } = await cli.run("overlay create --baseline shop --file overlay.yaml");
  expect(exit).toBe(0);
  await cli.run("env shadow checkout --enable");
  return { ...cli, said: out };
};

const note = async ({ api }: CliUnderTest, found: Partial<ProbeRecord>) => {
  const { catalog, probes } = api.ports;
  const [wanted] = probesOf(await catalog.baseline("shop"), await catalog.overlays(), "web");
  const { env, run, service, key, sideEffects } = wanted!;
  const record = { env, run, service, key, sideEffects, tee: "tee1-lx1", at: api.now, tries: 1, nextAt: api.now };
  await probes.claim({ ...record, state: "probing", reason: "", ...found });
};

const lineOf = (out: string, name: string) => out.split("\n").find((line) => line.startsWith(name));

test("an overlay that declares and shows nothing is told so when it is made", async () => {
  const { said } = await create("");
  expect(lineOf(said, "writes web")).toBe(
    "writes web    denied, unprobed: sideEffects is isolated, and nothing shows it: describe a probe under services.web.probe",
  );
});

test.each<[Partial<ProbeRecord>, string]>([
  [{ state: "passed", reason: "it did not show" }, "mirrored: it did not show"],
  [{ state: "failed", reason: "it shows" }, "denied, failed: it shows"],
  [
    { state: "unclear", reason: "the candidate refused", nextAt: 1_700_000_005_000 },
    "denied, unclear: the candidate refused; tried again after 2023-11-14 22:13:25Z",
  ],
])("overlay show, env show and env shadow say what a probe found: %j", async (found, text) => {
  const cli = await create(PROBE);
  await note(cli, found);
  for (const line of ["overlay show checkout", "env show checkout", "env shadow checkout --enable"]) {
    const { out } = await cli.run(line);
    expect(lineOf(out, "writes web")?.replace(/^writes web +/, "")).toBe(text);
    expect(out).not.toContain("writes denied");
  }
  expect((await cli.run("audit checkout")).out).toContain("environment.probe");
});

test("env show counts the writes that were denied", async () => {
  const cli = await create(PROBE);
  const { id, run, baseline } = await cli.api.ports.catalog.overlay("checkout");
  const deniedWrites = { [`${id}/${run.id}`]: 1_204 };
  await cli.api.ports.tees.beat({ tee: "t", epoch: "e", baseline, at: 0, state: "live", outcomes: {}, deniedWrites });
  expect(lineOf((await cli.run("env show checkout")).out, "writes denied")).toMatch(
    /1 204, all served by the baseline$/,
  );
});
