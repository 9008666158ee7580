import { cliWithOverlay } from "./cli-under-test.ts";

const changed = async () => {
  const cli = await cliWithOverlay();
  for (const percent of [5, 6, 7]) {
    cli.api.now += 60_000;
    await cli.run(`env shadow checkout --enable --sample ${percent}`);
  }
  return cli;
};

test("what changed and how, a page of it, and how to see the rest", async () => {
  const cli = await changed();
  const { out } = await cli.run("audit checkout --limit 2");
  expect(out).toMatch(/environment\.shadow +.*percent: 6 -> 7/);
  expect(out).toMatch(/percent: 5 -> 6/);
  expect(out).toContain("2 more: --offset 2");
  const rest = (await cli.run("audit checkout --limit 2 --offset 2")).out;
  expect(rest).toContain("overlay.create");
  expect(rest).not.toContain("more:");
});

test.each([
  ["--from 90s", 2],
  ["--to 90s", 2],
  ["--what overlay.", 1],
  ["--what environment.shadow", 3],
  ["--who nobody", 0],
  ["--from 2001-01-01", 4],
  ["--to 2001-01-01T12:00:00Z", 0],
])("%s", async (flags, entries) => {
  const { out } = await (await changed()).run(`audit checkout --json ${flags}`);
  expect(JSON.parse(out).total).toBe(entries);
});

test("a baseline has a trail; a time that is none is refused with what is allowed", async () => {
  const cli = await changed();
  expect((await cli.run("audit shop")).out).toContain("baseline.create");
  expect(await cli.run("audit shop --from yesterday")).toMatchObject({
    exit: 2,
    err: expect.stringMatching(/--from: must be a time such as .*; got "yesterday"/),
  });
});

test("what is only begun is told as such", async () => {
  const cli = await changed();
  const { append } = cli.api.ports.audit;
  cli.api.ports.audit.append = (env, entry) => (entry.begun ? append(env, entry) : Promise.reject(new Error("died")));
  cli.api.now += 60_000;
  await cli.run("env shadow checkout --disable");
  expect((await cli.run("audit checkout --limit 1")).out).toContain("(begun; whether it came to pass is not noted)");
});
