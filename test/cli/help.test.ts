import { cliUnderTest } from "./cli-under-test.ts";

const commandsIn = (help: string): string[] =>
  [...(help.split("Commands:")[1] ?? "").matchAll(/^ {2}(\w+)/gm)]
    .map(([, name]) => name!)
    .filter((name) => name !== "help");

/** Every command that does something, found by asking `--help` all the way down. */
const leaves = async (above: readonly string[] = []): Promise<string[][]> => {
  const { out } = await cliUnderTest().run([...above, "--help"]);
  const below = commandsIn(out);
  if (below.length === 0) return [[...above]];
  return (await Promise.all(below.map((name) => leaves([...above, name])))).flat();
};

test("every command has --help with an example of its own, and all that ask the API have --json and --api", async () => {
  const all = await leaves();
  expect(all.map((path) => path.join(" "))).toEqual(
    expect.arrayContaining(["up", "tee", "baseline create", "overlay delete", "env verdict", "rules set", "audit"]),
  );
  for (const path of all) {
    const { exit, out } = await cliUnderTest().run([...path, "--help"]);
    expect([path, exit]).toEqual([path, 0]);
    expect(out).toMatch(new RegExp(`Example:\\n +\\$ .*shadowgraph ${path.join(" ")}`));
    if (["up", "tee", "guard", "demo"].includes(path[0]!)) continue;
    expect(out).toContain("--json");
    expect(out).toContain("--api");
  }
});
