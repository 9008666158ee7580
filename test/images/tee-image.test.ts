import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { NODE_FLAGS } from "../../proxy/node-flags.ts";
import { makeBaseContext } from "./local-base.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const dockerfile = readFileSync(`${root}images/tee/Dockerfile`, "utf8");

test("the image is built in stages on one base that can be pinned, runs as no root, and copies no source into what runs", () => {
  expect(dockerfile).toMatch(/^ARG NODE_IMAGE=node:24-slim$/m);
  expect(dockerfile.match(/^FROM .*/gm)).toEqual([
    `FROM --platform=$BUILDPLATFORM \${NODE_IMAGE} AS bundle`,
    `FROM \${NODE_IMAGE}`,
  ]);
  const [, runtime] = dockerfile.split(/^FROM \$\{NODE_IMAGE\}$/m);
  expect(runtime).toContain("USER 1000:1000");
  expect(runtime!.match(/^COPY .*/gm)).toEqual(["COPY --from=bundle /out/ ./"]);
});

const canBuild = process.getuid?.() === 0 && spawnSync("buildah", ["--version"]).status === 0;
if (!canBuild) console.warn("skipped: building the image needs buildah (Debian's package) and root");

(canBuild ? describe : describe.skip)("built with buildah, on a base of this machine's Node", () => {
  const store = mkdtempSync(join(tmpdir(), "shadowgraph-images-"));
  const place = ["--root", join(store, "root"), "--runroot", join(store, "run"), "--storage-driver", "vfs"];
  const buildah = (...args: string[]) =>
    execFileSync("buildah", [...place, ...args], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      maxBuffer: 1 << 26,
    }).trim();
  let tee: ChildProcess | undefined;
  let container: string;

  beforeAll(() => {
    const base = makeBaseContext();
    buildah("bud", "--isolation", "chroot", "--tag", "localhost/node", base);
    rmSync(base, { recursive: true });
    const modules = realpathSync(`${root}node_modules`);
    const built = ["--isolation", "chroot", "--pull-never", "--volume", `${modules}:/build/node_modules:ro`];
    const ignore = ["--ignorefile", `${root}.dockerignore`, "--file", `${root}images/tee/Dockerfile`];
    buildah("bud", ...built, ...ignore, "--build-arg", "NODE_IMAGE=localhost/node", "--tag", "localhost/tee", root);
    container = buildah("from", "--pull-never", "localhost/tee");
  }, 300_000);
  afterAll(async () => {
    if (tee !== undefined && tee.exitCode === null) {
      tee.kill("SIGKILL");
      await once(tee, "exit");
    }
    rmSync(store, { recursive: true, force: true });
  });

  test("it holds the two files of the tee and that of the guard and nothing else, and names no root", () => {
    const { config } = JSON.parse(buildah("inspect", "--type", "image", "localhost/tee")).OCIv1;
    expect(config).toMatchObject({ User: "1000:1000", Entrypoint: ["node"], Cmd: ["main.mjs"], WorkingDir: "/tee" });
    const list = "console.log(require('fs').readdirSync('.').join())";
    expect(buildah("run", "--isolation", "chroot", container, "--", "node", "-e", list)).toBe(
      "guard.mjs,main.mjs,shipper-thread.mjs",
    );
  });

  test("by its other command it is a guard: what is safe passes, a write is refused, and it ends on SIGTERM", async () => {
    const payments = createServer((request, response) => response.end(`payments ${request.url}`)).listen(
      0,
      "127.0.0.1",
    );
    await once(payments, "listening");
    const url = `http://127.0.0.1:${(payments.address() as AddressInfo).port}`;
    const [port, adminPort] = [await freePort(), await freePort()];
    const collaborators = JSON.stringify({ payments: { url, port } });
    const guardian = buildah("from", "--pull-never", "localhost/tee");
    const env = { COLLABORATORS: collaborators, ADMIN_PORT: String(adminPort), GUARD_TEST: String(port) };
    buildah("config", ...Object.entries(env).flatMap(([name, value]) => ["--env", `${name}=${value}`]), guardian);
    const command = ["run", "--isolation", "chroot", guardian, "--", "node", "guard.mjs"];
    tee = spawn("buildah", [...place, ...command], { stdio: ["ignore", "pipe", "pipe"] });
    let health: number | undefined;
    for (let attempt = 0; attempt < 100 && health === undefined; attempt++) {
      await sleep(100);
      health = await fetch(`http://127.0.0.1:${adminPort}/healthz`).then(
        ({ status }) => status,
        () => undefined,
      );
    }
    expect(health).toBe(200);
    expect(await (await fetch(`http://127.0.0.1:${port}/a`)).text()).toBe("payments /a");
    expect((await fetch(`http://127.0.0.1:${port}/a`, { method: "POST" })).status).toBe(403);
    process.kill(Number(nodeWith(`GUARD_TEST=${port}`)), "SIGTERM");
    const [code] = await once(tee, "exit");
    expect(code).toBe(0);
    payments.close();
  }, 60_000);

  test("it answers through the baseline, says that it is well, and drains on SIGTERM", async () => {
    const baseline = createServer((request, response) => response.end(`baseline ${request.url}`)).listen(
      0,
      "127.0.0.1",
    );
    await once(baseline, "listening");
    const address = `http://127.0.0.1:${(baseline.address() as AddressInfo).port}`;
    const [port, adminPort] = [await freePort(), await freePort()];
    const env = {
      PRIMARY_URL: address,
      PORT: String(port),
      ADMIN_PORT: String(adminPort),
      METRICS: "emf",
      BASELINE_ID: "shop",
      SERVICE: "web",
      DRAIN_MS: "1000",
      DRAIN_IDLE_MS: "100",
      FLUSH_MS: "100",
      // The plan cannot be read: callers are served all the same.
      ...{ TABLE_NAME: "t", BUCKET_NAME: "b", SEGMENT_QUEUE_URL: `${address}/q`, JUDGE_QUEUE_URL: `${address}/j` },
      ...{ AWS_REGION: "eu-central-1", AWS_ACCESS_KEY_ID: "x", AWS_SECRET_ACCESS_KEY: "x", AWS_ENDPOINT_URL: address },
    };
    const config = Object.entries(env).flatMap(([name, value]) => ["--env", `${name}=${value}`]);
    buildah("config", ...config, container);
    const command = ["run", "--isolation", "chroot", container, "--", "node", ...NODE_FLAGS, "main.mjs"];
    tee = spawn("buildah", [...place, ...command], { stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    tee.stdout?.on("data", (chunk) => (said += chunk));
    tee.stderr?.on("data", (chunk) => (said += chunk));
    const ask = async (url: string): Promise<string> => {
      for (let attempt = 0; attempt < 100; attempt++) {
        const answer = await fetch(url).then(
          (response) => response.text(),
          () => undefined,
        );
        if (answer !== undefined) return answer;
        await sleep(100);
      }
      throw new Error(`no answer: ${said}`);
    };
    expect(await ask(`http://127.0.0.1:${port}/hello`)).toBe("baseline /hello");
    expect((await fetch(`http://127.0.0.1:${adminPort}/healthz`)).status).toBe(200);
    expect(said).toContain('"Namespace":"Shadowgraph/Tee"');
    const inside = nodeWith(`PRIMARY_URL=${address}`);
    expect(readFileSync(`/proc/${inside}/status`, "utf8")).toMatch(/^Uid:\t1000/m);
    process.kill(Number(inside), "SIGTERM");
    const [code] = await once(tee, "exit");
    expect(code).toBe(0);
    baseline.close();
  }, 60_000);
});

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
};

/** The one process of this machine that runs Node with this in its environment. */
const nodeWith = (variable: string): string => {
  const read = (path: string): string => {
    try {
      return readFileSync(path, "utf8");
    } catch {
      return ""; // ended since it was listed
    }
  };
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const found = pids.filter((pid) => read(`/proc/${pid}/environ`).split("\0").includes(variable));
  return found.find((pid) => /(^|\/)node\0/.test(read(`/proc/${pid}/cmdline`))) ?? "none";
};
