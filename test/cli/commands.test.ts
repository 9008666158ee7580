import type { Loose } from "../lambdas/api/api-under-test.ts";
import { finding } from "../lambdas/api/judgements.ts";
import { type CliUnderTest, cliUnderTest, cliWithOverlay } from "./cli-under-test.ts";

const json = async (cli: CliUnderTest, line: string): Promise<Loose> =>
  JSON.parse((await cli.run(`${line} --json`)).out);

test("a baseline and an overlay are made, listed, shown and deleted", async () => {
  const cli = await cliWithOverlay();
  expect((await cli.run("baseline list")).out).toMatch(/^name +version +services .*\nshop +1\.0\.0 +web /);
  expect((await cli.run("baseline show shop")).out).toContain("service web  http://localhost:3000");
  expect((await cli.run("overlay list")).out).toMatch(/\ncheckout +2\.0\.0 +shop-\w+ +off +1 /);
  expect((await cli.run("overlay show checkout")).out).toContain("http://localhost:3001");
  const { exit, out } = await cli.run("overlay delete checkout");
  expect([exit, out]).toEqual([0, expect.stringMatching(/^deleted checkout-\w{6}\n$/)]);
  expect(await json(cli, "overlay list")).toEqual({ overlays: [] });
});

test("--name names the overlay; --replace gives it a new file", async () => {
  const cli = await cliWithOverlay();
  expect((await cli.run("overlay create --baseline shop --file overlay.yaml --name pr-7")).exit).toBe(0);
  expect((await cli.run("overlay create --baseline shop --file overlay.yaml --name pr-7")).exit).toBe(2);
  cli.files["overlay.yaml"] = cli.files["overlay.yaml"]!.replace("2.0.0", "2.0.1");
  const replaced = await json(cli, "overlay create --baseline shop --file overlay.yaml --name pr-7 --replace");
  expect(replaced.run).toMatchObject({ attempt: 2, candidateVersion: "2.0.1" });
});

test("shadow is shown, switched on, sampled, begun anew and switched off", async () => {
  const cli = await cliWithOverlay();
  expect((await cli.run("env shadow checkout")).out).toMatch(/mirrored +off/);
  expect((await cli.run("env shadow checkout --enable --sample 12.5%")).out).toMatch(/mirrored +12\.5 %/);
  expect(await json(cli, "env shadow checkout --new-run")).toMatchObject({
    enabled: true,
    percent: 12.5,
    run: { attempt: 2 },
  });
  expect(await json(cli, "env shadow checkout --sample 5")).toMatchObject({
    enabled: true,
    percent: 5,
    run: { attempt: 2 },
  });
  expect(await json(cli, "env shadow checkout --disable")).toMatchObject({ enabled: false });
});

test("env list and show tell run, attempts, lanes and outcomes", async () => {
  const cli = await cliWithOverlay();
  cli.api.scene = { pairs: 12_345, gap: 2 };
  expect((await cli.run("env list")).out).toMatch(/shop +baseline.*\ncheckout +overlay +2\.0\.0 +off +1 /);
  const { out } = await cli.run("env show checkout");
  expect(out).toMatch(/web +http:\/\/localhost:3000 +http:\/\/localhost:3001 +http:\/\/localhost:3000 \(baseline\)/);
  expect(out).toMatch(/compared +12 345\n/);
  expect(out).toMatch(/gap +2\n/);
  const shown = await json(cli, "env show checkout");
  expect(shown).toMatchObject({ attempts: 1, outcomes: { sampled: 12_345, compared: 12_345, inFlight: 0, gap: 2 } });
  expect((await cli.run("env show shop")).out).toMatch(/overlays +checkout/);
});

test("env promote makes a baseline", async () => {
  const cli = await cliWithOverlay();
  expect(await json(cli, "env promote checkout --name shop-2")).toMatchObject({
    file: { name: "shop-2", version: "2.0.0" },
  });
});

test("env diffs shows each finding with an example of each side, and where to look next", async () => {
  const cli = await cliWithOverlay();
  cli.api.scene = { findings: [finding("status", { kind: "status", breaking: true }), finding("body/price")] };
  const { out, exit } = await cli.run("env diffs checkout");
  expect(exit).toBe(0);
  expect(out).toMatch(/^2 findings in run /);
  expect(out).toMatch(
    /yes +GET \/orders\/\{id\} +status +status +40\/400 +0 +0 +f-status\n +request +GET \/orders\/1\?full=true\n +primary +12\.50\n +candidate +12\.5000001\n/,
  );
  expect(out).toContain("Next: npx shadowgraph env diffs checkout --finding f-status");
  const found = await json(cli, "env diffs checkout");
  expect(found).toMatchObject({
    total: 2,
    findings: [
      { id: "f-status", place: "status", kind: "status", count: 40, noise: 0, masked: 0, confirmed: true },
      {},
    ],
  });
});

test("env diffs --finding shows one finding with all its examples", async () => {
  const cli = await cliWithOverlay();
  const [example] = finding("x").examples;
  cli.api.scene = {
    findings: [finding("body/price", { examples: [example!, { ...example!, pair: "tee-1-2", secondary: "" }] })],
  };
  const { out } = await cli.run("env diffs checkout --finding f-body-price");
  expect(out.match(/candidate +12\.5000001/g)).toHaveLength(2);
  expect(out).toContain("secondary  (nothing)");
  expect(await json(cli, "env diffs checkout --finding f-body-price")).toMatchObject({ id: "f-body-price" });
});

test("env diffs narrows by endpoint, kind and confirmation", async () => {
  const cli = await cliWithOverlay();
  cli.api.scene = {
    findings: [
      finding("body/a"),
      finding("body/b", { confirmed: false }),
      finding("body/c", { kind: "type", endpoint: "GET /x" }),
    ],
  };
  const places = async (...flags: string[]) =>
    JSON.parse((await cli.run(["env", "diffs", "checkout", "--json", ...flags])).out).findings.map(
      (one: Loose) => one.place,
    );
  expect(await places("--confirmed")).toEqual(["body/a", "body/c"]);
  expect(await places("--kind", "type")).toEqual(["body/c"]);
  expect(await places("--endpoint", "GET /x", "--limit", "1")).toEqual(["body/c"]);
});

test("a report is printed, written to a file, or given as JSON", async () => {
  const cli = await cliWithOverlay();
  cli.api.scene = { pairs: 4_000 };
  expect((await cli.run("env report checkout")).out).toMatch(
    /^<!-- shadowgraph-report: checkout -->\n## ✅ Shadowgraph: SAFE/,
  );
  expect(JSON.parse((await cli.run("env report checkout --format json")).out).verdict.verdict).toBe("SAFE");
  expect((await cli.run("env report checkout --format markdown --out report.md")).out).toBe("written to report.md\n");
  expect(cli.files["report.md"]).toMatch(/^<!-- .*\n## ✅/);
  expect((await cli.run("env report checkout --format html")).out).toMatch(/^<!doctype html>/);
  expect((await cli.run("env report checkout --format junit")).out).toMatch(/^<\?xml /);
  expect((await json(cli, "env report checkout")).outcomes.compared).toBe(4_000);
});

test("rules are set from a file and shown with their hits", async () => {
  const cli = await cliWithOverlay();
  cli.api.scene = { pairs: 400, findings: [finding("body/at")] };
  cli.files["rules.yaml"] = "rules:\n  - ignore: body/at\n    because: the time of the answer\n  - ignore: body/typo\n";
  const { out, exit } = await cli.run("rules set checkout --file rules.yaml");
  expect(exit).toBe(0);
  expect(out).toMatch(/body\/at +ignore +all +40 +the time of the answer\n/);
  expect(out).toMatch(/body\/typo +ignore +all +0 +never hit/);
  expect(await json(cli, "rules show checkout")).toMatchObject({ version: 1, rules: [{ hits: 40 }, { hits: 0 }] });
});

test("rules set waits until what is stored is compared anew, with a bar on a terminal, unless it is not to", async () => {
  const cli = await cliWithOverlay();
  const { id, run } = await cli.api.ports.catalog.overlay("checkout");
  const { recompares } = cli.api.ports;
  cli.files["rules.yaml"] = "rules:\n  - tolerance: body/price\n    absolute: 0.01\n";
  let polls = 0;
  cli.api.scene = { recomparing: () => (polls++ < 3 ? { done: polls, total: 4 } : undefined) };
  const { exit, out, err } = await cli.run("rules set checkout --file rules.yaml", { isErrTerminal: true });
  expect([exit, await recompares.of(id, run.id)]).toEqual([0, expect.objectContaining({ next: expect.anything() })]);
  expect(err).toContain("██████░░░░░░░░░░░░░░░░░░ 1 of 4 stored objects compared under the new rules");
  expect(out).toMatch(/body\/price +tolerance: absolute 0\.01 +all /);
  polls = 0;
  const set = await json(cli, "rules set checkout --file rules.yaml --no-wait");
  expect(set.recomparing).toEqual({ done: 1, total: 4 });
});

test("rules preview says what goes and stays, and stores nothing", async () => {
  const cli = await cliWithOverlay();
  cli.api.scene = { pairs: 400, findings: [finding("body/at"), finding("body/price")] };
  cli.files["rules.yaml"] = "rules:\n  - ignore: body/at\n";
  const { out, exit } = await cli.run("rules preview checkout --file rules.yaml");
  expect(exit).toBe(0);
  expect(out).toMatch(
    /^before: REGRESSION, 2 confirmed\nafter: {2}REGRESSION, 1 confirmed\njudged: all 400 stored pairs\n/,
  );
  expect(out).toMatch(/\n1 finding go, 0 come, 1 stay\n/);
  expect(out).toMatch(/stays +yes +GET \/orders\/\{id\} +body\/price .*\ngoes +yes +GET \/orders\/\{id\} +body\/at /);
  expect(out).toContain("Nothing is changed yet. Next: npx shadowgraph rules set checkout --file rules.yaml");
  expect(await json(cli, "rules show checkout")).toMatchObject({ version: 0, rules: [] });
});

test("rules suggest prints YAML with what speaks for it; --out keeps the present rules and can be set as it is", async () => {
  const cli = await cliWithOverlay();
  cli.files["rules.yaml"] = "rules:\n  - ignore: body/x\n    because: 'one: two'\n";
  await cli.run("rules set checkout --file rules.yaml");
  expect((await cli.run("rules suggest checkout")).out).toMatch(/^no suggestions/);
  const constant = { constantPerLane: true, count: 40, examples: finding("body/host").examples };
  cli.api.scene = { pairs: 400, findings: [finding("body/host", constant)] };
  const { out } = await cli.run("rules suggest checkout --out new.yaml");
  expect(out).toMatch(/^1 present rule and \d suggestions? written to new\.yaml; none is applied\n$/);
  expect(cli.files["new.yaml"]).toMatch(/^rules:\n {2}- ignore: body\/x\n {4}because: "one: two"\n/);
  expect((await cli.run("rules set checkout --file new.yaml")).exit).toBe(0);
});

test("the audit says who changed what", async () => {
  const cli = await cliWithOverlay();
  await cli.run("env shadow checkout --enable");
  expect((await cli.run("audit checkout")).out).toMatch(/tester +environment\.shadow +enabled: false -> true/);
  expect((await json(cli, "audit checkout --limit 1")).entries).toHaveLength(1);
});

test("the API is found by --api, by SHADOWGRAPH_API, or at its usual place", async () => {
  const cli = cliUnderTest();
  const asked: string[] = [];
  const fetch = async (url: unknown) => {
    asked.push(String(url));
    return Response.json({ baselines: [] });
  };
  await cli.run("baseline list", { fetch });
  await cli.run("baseline list", { fetch, env: { SHADOWGRAPH_API: "http://one:1/" } });
  await cli.run("baseline list --api http://two:2/stage", { fetch, env: { SHADOWGRAPH_API: "http://one:1" } });
  expect(asked).toEqual(["http://127.0.0.1:8081/baselines", "http://one:1/baselines", "http://two:2/stage/baselines"]);
});
