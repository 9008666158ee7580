import { request as ask, createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { sendTraffic } from "../../examples/orders/traffic.ts";
import { cleanUp, newFolder, pause, service, up } from "./system.ts";

interface Recheck {
  readonly findings: readonly { endpoint: string; place: string; state: string; reason: string; confidence: number }[];
}

const gates: Server[] = [];
afterEach(async () => {
  for (const gate of gates.splice(0)) gate.close();
  await cleanUp();
});
jest.setTimeout(120_000);

/** An address that stays while what is behind it is started anew; what is `gone` is 404. */
const createGate = async (to: string) => {
  const behind: { to: string; gone: RegExp | undefined } = { to, gone: undefined };
  const server = createServer((request, response) => {
    const { url = "/", method, headers } = request;
    if (behind.gone?.test(url)) return void response.writeHead(404).end();
    const onward = ask(behind.to + url, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  });
  gates.push(server);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return Object.assign(behind, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
};

const ORDERS = "examples/orders/server.ts";
const SESSION = "cookie:session=s3cret-session";
const FAST = ["--rate", "50", "--fill", SESSION];

test("a mended candidate: what is fixed, what is still there, what is gone, and what cannot be re-sent", async () => {
  const primary = await service(ORDERS, ["--role", "baseline", "--seed", "1"]);
  const candidate = await createGate(await service(ORDERS, ["--role", "overlay", "--seed", "2"]));
  const secondary = await createGate(await service(ORDERS, ["--role", "baseline", "--seed", "3"]));
  const lanes = ["--primary", primary, "--candidate", candidate.url, "--secondary", secondary.url];
  const data = join(newFolder(), "data");
  const system = await up([...lanes, "--data", data]);
  const traffic = await sendTraffic({ url: system.teeUrl, requests: 600, writeShare: 0, seed: 7 });
  for (let look = 0; look < 60; look++) {
    const { outcomes } = await system.json<{ outcomes: { compared: number } }>("env", "show", "local");
    if (outcomes.compared >= traffic.sent) break;
    await pause(500);
  }
  const recheck = async (...args: string[]) => {
    const { exit, out } = await system.cli("env", "recheck", "local", "--json", ...args);
    expect(out).not.toContain("s3cret");
    const { findings } = JSON.parse(out) as Recheck;
    const states = findings.map(({ endpoint, place, state }): [string, string] => [`${endpoint} ${place}`, state]);
    return { exit, states: Object.fromEntries(states), findings };
  };
  const [CREDIT, LINES, TAX, QUANTITY] = [
    "GET /customers/{id} body/creditLimit",
    "GET /orders/{id} body/lines",
    "GET /orders/{id} body/totals/taxRate",
    "GET /orders/{id}/lines body/lines/*/quantity",
  ];

  // Callers of the example send a cookie, which never left the tee.
  const withheld = await recheck();
  expect(withheld.exit).toBe(3);
  expect(new Set(Object.values(withheld.states))).toEqual(new Set(["notSent"]));
  expect(withheld.findings[0]?.reason).toBe("hidden values are not given: cookie:session");

  const before = await recheck(...FAST, "--times", "1");
  expect(before).toMatchObject({ exit: 1 });
  for (const it of [CREDIT, LINES, TAX, QUANTITY]) expect(before.states).toMatchObject({ [it]: "stillThere" });

  candidate.to = await service(ORDERS, ["--role", "overlay", "--seed", "4", "--undo", "body/lines/*/quantity"]);
  candidate.gone = /^\/customers\/\d{1,3}$/;
  secondary.gone = candidate.gone;
  const after = await recheck(...FAST);
  expect(after.exit).toBe(1);
  expect(after.states).toMatchObject({
    [QUANTITY]: "fixed",
    [LINES]: "stillThere",
    [TAX]: "stillThere",
    [CREDIT]: "goneOnBoth",
  });
  expect(after.findings.find(({ state }) => state === "fixed")?.confidence).toBeGreaterThan(0.95);
  const { out: shown } = await system.cli("env", "recheck", "local", "--show", "--json");
  expect((JSON.parse(shown) as Recheck).findings).toEqual(after.findings);

  const window = ["--from", "10m", "--to", "0s", "--fill", SESSION];
  const counted = await system.json<{ requests: number; counts: Record<string, number> }>(
    "env",
    "replay",
    "local",
    "--dry-run",
    ...window,
  );
  expect(counted).toMatchObject({ requests: traffic.sent, counts: { hidden: 0, writes: 0 } });
  expect(counted.counts.ready! + counted.counts.notStored!).toBe(traffic.sent);

  const audit = await system.json<{ entries: readonly { what: string; begun: boolean }[] }>("audit", "local");
  expect(audit.entries.filter(({ what }) => what === "environment.recheck")).toHaveLength(3);
  expect(audit.entries.every(({ begun }) => !begun)).toBe(true);
  // No figure of the run has changed by it.
  const { outcomes } = await system.json<{ outcomes: Record<string, number> }>("env", "show", "local");
  expect(outcomes).toMatchObject({ sampled: traffic.sent, compared: traffic.sent });
  expect(await system.end()).toBe(0);
  expect(system.printed()).not.toContain("s3cret");
});
