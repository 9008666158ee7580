import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { lookAtCarts } from "../../examples/checkout/traffic.ts";
import { cleanUp, newFolder, pause, service, up } from "./system.ts";

const freePort = (): Promise<number> =>
  new Promise((done) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => done(port));
    });
  });

interface Findings {
  readonly findings: readonly {
    endpoint: string;
    place: string;
    kind: string;
    confirmed: boolean;
    count: number;
    noise: number;
    examples: readonly { request: string; primary: string; candidate: string }[];
  }[];
}

afterEach(cleanUp);
jest.setTimeout(120_000);

test("answers are equal, but the candidate writes to a collaborator: the write is kept away, and found", async () => {
  const [port, observe] = [await freePort(), await freePort()];
  const payments = await service("examples/checkout/payments.ts");
  const checkout = (role: string, at: number) =>
    service("examples/checkout/server.ts", ["--role", role, "--payments", `http://127.0.0.1:${at}`]);
  const [primary, candidate] = [await checkout("baseline", observe), await checkout("overlay", port)];
  const folder = newFolder();
  const file = join(folder, "collaborators.yaml");
  writeFileSync(file, `collaborators:\n  payments: { url: "${payments}", port: ${port}, observe: ${observe} }\n`);
  const system = await up([
    "--primary",
    primary,
    "--candidate",
    candidate,
    "--data",
    join(folder, "data"),
    "--collaborators",
    file,
  ]);
  expect(system.printed()).toContain(`payments  http://127.0.0.1:${port}`);
  expect(await lookAtCarts(system.teeUrl, 120)).toBe(0);

  let verdict: { reasons: string[]; verdict: string; pairs: number } | undefined;
  for (let look = 0; look < 40 && verdict?.pairs !== 120; look++) {
    await pause(250);
    verdict = await system.json("env", "verdict", "local");
  }
  const { findings } = await system.json<Findings>("env", "diffs", "local");
  expect(findings).toMatchObject([
    {
      endpoint: "GET /carts/{id}",
      place: "calls/extra/payments POST /reservations",
      kind: "call",
      confirmed: true,
      count: 120,
      noise: 0,
      examples: expect.arrayContaining([
        expect.objectContaining({
          request: expect.stringMatching(/^GET \/carts\/\d+$/),
          primary: "",
          candidate: expect.stringMatching(/^POST \/reservations \{"cart":\d+,"total":/),
        }),
      ]),
    },
  ]);
  expect(verdict).toMatchObject({ verdict: "REGRESSION" });
  expect(verdict?.reasons).toContain("Outgoing calls were compared in 120 pairs.");
  expect(await (await fetch(`${payments}/reservations`)).json()).toEqual({ reserved: 0 });
  expect(await system.end()).toBe(0);
});
