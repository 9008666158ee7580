import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { cleanUp, newFolder, pause, service, up } from "./system.ts";

afterEach(cleanUp);
jest.setTimeout(120_000);

interface Shown {
  readonly drift: readonly {
    read: string;
    looks: number;
    agreed: number;
    since: number | null;
    place: string | null;
  }[];
}

test("a store that falls behind the baseline's makes the verdict INVALID, and says since when and where", async () => {
  const orders = (seed: string) => service("examples/orders/server.ts", ["--role", "baseline", "--seed", seed]);
  const [primary, candidate] = [await orders("1"), await orders("2")];
  const folder = newFolder();
  const system = await up(["--primary", primary, "--candidate", candidate, "--data", join(folder, "data")]);
  const file = join(folder, "overlay.yaml");
  writeFileSync(
    file,
    `name: stale\nservices: { app: { url: "${candidate}" } }\ndrift: { reads: [/orders/1001], everySeconds: 1 }\n`,
  );
  const created = await system.cli("overlay", "create", "--baseline", "local-baseline", "--file", file);
  expect([created.exit, created.out]).toEqual([0, expect.any(String)]);
  await system.cli("env", "shadow", "stale", "--enable");
  const shown = async (isSo: (drift: Shown["drift"]) => boolean): Promise<Shown["drift"]> => {
    for (;;) {
      const { drift } = (await (await fetch(`${system.apiUrl}/environments/stale`)).json()) as Shown;
      if (isSo(drift)) return drift;
      await pause(250);
    }
  };
  await shown((drift) => drift.length === 1 && drift.every(({ agreed }) => agreed >= 3));

  // Only the baseline gets this write.
  for (const status of ["open", "delivered"]) {
    const body = JSON.stringify({ status });
    expect((await fetch(`${primary}/orders/1001/status`, { method: "POST", body })).status).toBe(200);
  }
  const [order] = await shown(([first]) => first?.since != null && first.looks >= first.agreed + 9);
  expect(order).toMatchObject({ read: "/orders/1001", place: "body/status" });

  const verdict = await system.cli("env", "verdict", "stale", "--json");
  expect(verdict.exit).toBe(4);
  expect(JSON.parse(verdict.out).reason).toMatch(
    /^The overlay's data differs from the baseline's: 1 of 1 declared read answers differently since \d\d:\d\d:\d\d UTC, first \/orders\/1001 at body\/status\. /,
  );
  expect((await system.cli("env", "show", "stale")).out).toMatch(
    /\/orders\/1001 +\d+ +\d+ +differs at body\/status since/,
  );
  await system.end();
});
