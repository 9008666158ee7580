import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import {
  CreateClusterCommand,
  CreateServiceCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
} from "@aws-sdk/client-ecs";
import { run } from "../../cli/main.ts";
import { ioUnderTest } from "../cli/cli-under-test.ts";

jest.setTimeout(120_000);

const folder = mkdtempSync(join(tmpdir(), "shadowgraph-deploying-"));
let child: ChildProcess;
let urls: { readonly apiUrl: string; readonly cloudUrl: string };

const start = async () => {
  const script = fileURLToPath(new URL("./system-child.ts", import.meta.url));
  child = fork(script, [JSON.stringify({ dataDir: folder })], { execArgv: [] });
  [urls] = await once(child, "message");
};
beforeAll(async () => {
  await start();
  const ecs = new ECSClient({
    region: "us-east-1",
    endpoint: urls.cloudUrl,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  await ecs.send(new CreateClusterCommand({ clusterName: "shop" }));
  await ecs.send(
    new RegisterTaskDefinitionCommand({
      family: "shop-web",
      networkMode: "awsvpc",
      containerDefinitions: [{ name: "app", image: "shop/web:1", portMappings: [{ containerPort: 8080 }] }],
    }),
  );
  const networkConfiguration = { awsvpcConfiguration: { subnets: ["subnet-1"] } };
  const service = { cluster: "shop", serviceName: "web", desiredCount: 1, networkConfiguration };
  await ecs.send(new CreateServiceCommand({ ...service, taskDefinition: "shop-web", launchType: "FARGATE" }));
  ecs.destroy();
});
afterAll(async () => {
  child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

const FILES: Readonly<Record<string, string>> = {
  "baseline.yaml": `name: shop
services:
  web: { url: "http://web.internal", ecs: { cluster: shop, service: web, port: 8080, release: { strategy: rolling } } }
`,
  "overlay.yaml": "name: pr-7\nversion: '2'\nservices:\n  web: { image: 'shop/web:2' }\n",
  "missing.yaml": "name: pr-8\nservices:\n  web: { image: 'shop/web:missing', secondary: none }\n",
};

/** The real command line before the real API, over HTTP. */
const shadowgraph = async (line: string) => {
  const { io, said } = ioUnderTest({
    env: { SHADOWGRAPH_API: urls.apiUrl },
    readFile: (path) => FILES[path]!,
    fetch,
    now: Date.now,
    sleep: (ms) => sleep(Math.min(ms, 200)),
  });
  return { exit: await run(line.split(" "), io), ...said };
};

test("on one machine an overlay is deployed with its control, shown, mirrored to, released by force, and removed", async () => {
  expect((await shadowgraph("baseline create --file baseline.yaml")).exit).toBe(0);
  const created = await shadowgraph("overlay create --baseline shop --file overlay.yaml --control");
  expect([created.exit, created.err]).toEqual([
    0,
    expect.stringMatching(/deploying: web candidate (starting|ECS service)/),
  ]);
  expect(created.out).toMatch(/state +ready/);
  expect(created.out).toMatch(
    /web +candidate +ready +1\/1 +shop\/web:2 +http:\/\/web-candidate-\w{8}\.overlays\.local:8080/,
  );
  expect(created.out).toMatch(/web +secondary +ready +1\/1 +the baseline's/);
  expect((await shadowgraph("env shadow pr-7 --enable")).exit).toBe(0);
  expect((await shadowgraph("overlay list")).out).toMatch(/pr-7 +2 +\S+ +ready +100 %/);

  const refused = await shadowgraph("overlay release pr-7");
  expect([refused.exit, refused.err]).toEqual([expect.any(Number), expect.stringMatching(/not SAFE.*--force/)]);
  expect([3, 4]).toContain(refused.exit);
  const released = await shadowgraph("overlay release pr-7 --force --because hotfix");
  expect([released.exit, released.out]).toEqual([0, expect.stringMatching(/outcome +released[\s\S]*forced +hotfix/)]);

  const deleted = await shadowgraph("overlay delete pr-7");
  expect([deleted.exit, deleted.out]).toEqual([0, expect.stringMatching(/^deleted pr-7-/)]);
  expect((await shadowgraph("overlay show pr-7")).exit).toBe(2);
});

test("an image that is not there is told with the reason and the next step, as an exit code too", async () => {
  const created = await shadowgraph("overlay create --baseline shop --file missing.yaml");
  expect(created.exit).toBe(6);
  expect(created.out).toMatch(/state +failed/);
  expect(created.out).toMatch(
    /reason +web \(candidate\): .*CannotPullContainerError.*Next: check that the image and its tag exist/,
  );
  const json = JSON.parse((await shadowgraph("overlay show pr-8 --json")).out);
  expect(json.deployment).toMatchObject({ state: "failed", parts: [{ phase: "failed", progress: { running: 0 } }] });
});

test("what is deployed outlasts the process", async () => {
  const ended = once(child, "exit");
  child.send("drain");
  await ended;
  await start();
  expect((await shadowgraph("overlay show pr-8")).out).toMatch(/state +failed/);
  expect((await shadowgraph("overlay delete pr-8")).exit).toBe(0);
});
