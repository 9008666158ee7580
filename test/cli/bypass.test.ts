import { createBypass } from "../../adapters/bypass.ts";
import { memoryAlarms, SILENT } from "../adapters/memory-alarms.ts";
import { memoryRules } from "../adapters/memory-rules.ts";
import { ROUTE } from "../adapters/tee-route.ts";
import { apiUnderTest } from "../lambdas/api/api-under-test.ts";
import { cliUnderTest } from "./cli-under-test.ts";

test("bypass on, off and show say where the load balancer sends requests", async () => {
  const cli = cliUnderTest(apiUnderTest({ bypass: createBypass([ROUTE], memoryRules(30), memoryAlarms()) }));
  const row = (text: string) => expect.stringMatching(new RegExp(`web +${text}`));
  expect(await cli.run("bypass show")).toMatchObject({ exit: 0, out: row("no +30 % +30 %") });
  for (const _twice of [1, 2])
    expect(await cli.run("bypass on")).toMatchObject({ exit: 0, out: row("yes +0 % +30 %") });
  expect(await cli.run("bypass off --service web")).toMatchObject({ exit: 0, out: row("no +30 % +30 %") });
  expect(JSON.parse((await cli.run("bypass show --json")).out)).toEqual({
    services: [{ baseline: "shop", service: "web", bypassed: false, teePercent: 30, configuredPercent: 30 }],
  });
});

test("off is refused while an alarm may not close the way again, and says which; --force needs a reason", async () => {
  const alarms = memoryAlarms([SILENT]);
  const cli = cliUnderTest(apiUnderTest({ bypass: createBypass([ROUTE], memoryRules(0), alarms) }));
  const { exit, err } = await cli.run("bypass off");
  expect(exit).toBe(2);
  expect(err).toContain("shadowgraph/shop/web/TeeSilent is in ALARM since 2026-01-01T00:00:00.000Z");
  expect(err).toContain("docs/runbook.md#teesilent");
  expect(await cli.run("bypass off --force")).toMatchObject({ exit: 2, err: expect.stringContaining("--because") });
  expect(await cli.run("bypass show")).toMatchObject({ out: expect.stringMatching(/web +yes +0 %/) });
  const forced = await cli.run("bypass off --force --because late");
  expect(forced).toMatchObject({ exit: 0, out: expect.stringMatching(/web +no +30 %/) });
});

test("where there is no load balancer, it says so and what stops the mirroring", async () => {
  const { exit, err } = await cliUnderTest().run("bypass on");
  expect(exit).toBe(2);
  expect(err).toContain("no load balancer sends requests to tees here");
  expect(err).toContain("env shadow ENV --disable");
});
