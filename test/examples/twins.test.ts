import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../../examples/twins/server.ts", import.meta.url));
const children: ChildProcess[] = [];

const start = async (): Promise<string> => {
  const child = spawn(process.execPath, [program, "--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  const [line] = (await once(child.stdout!, "data")) as [Buffer];
  return /http:\S+/.exec(line.toString())![0];
};
afterAll(async () => {
  for (const child of children) child.kill("SIGTERM");
  await Promise.all(children.map((child) => child.exitCode ?? once(child, "exit")));
});

test("three processes agree on the content and on nothing of their own", async () => {
  const urls = await Promise.all([start(), start(), start()]);
  const answers = await Promise.all(
    urls.map(async (url) => (await (await fetch(`${url}/articles/42`)).json()) as Record<string, unknown>),
  );
  const content = answers.map(({ requestId, servedAt, instance, uptimeSeconds, cache, trace, ...rest }) => rest);
  expect(content[1]).toEqual(content[0]);
  expect(content[2]).toEqual(content[0]);
  for (const own of ["requestId", "trace"]) expect(new Set(answers.map((answer) => answer[own])).size).toBe(3);
  expect(new Set(answers.map(({ instance }) => (instance as { host: string }).host)).size).toBe(3);

  const later = (await (await fetch(`${urls[0]}/articles/42`)).json()) as Record<string, unknown>;
  expect(later.instance).toEqual(answers[0]!.instance);
  expect((later.cache as { storedAt: string }).storedAt).toBe((answers[0]!.cache as { storedAt: string }).storedAt);
  expect((await fetch(`${urls[0]}/articles/999`)).status).toBe(404);
});
