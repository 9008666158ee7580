import { readFileSync } from "node:fs";
import { BaselineFile, type Overlay, OverlayFile, planOf, probesOf } from "../../core/sampling/environment.ts";
import { SIDE_EFFECTS } from "../../core/sampling/plan.ts";
import type { ProbeRecord } from "../../core/sampling/writes.ts";
import { answering, type RawServer, startTee, talk } from "./harness.ts";

// Method by method, declaration by declaration, and whatever the probe found: what reaches a lane is seen at the lane itself.

const READS = ["GET", "HEAD", "OPTIONS"];
const WRITES = ["POST", "PUT", "PATCH", "DELETE", "PURGE"];
const METHODS = [...READS, ...WRITES];
const FOUND = ["no probe", "waiting", "probing", "unclear", "failed", "passed"] as const;
type FoundState = (typeof FOUND)[number];

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

const serve = async (): Promise<RawServer> => {
  const server = await answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").start();
  cleanUps.push(() => server.stop());
  return server;
};

const PROBE = { write: { path: "/", body: "{canary}" }, read: { path: "/" } };

const entryOf = (sideEffects: string, found: FoundState, candidate: string, secondary: unknown, primary: string) => {
  const baseline = {
    id: "b",
    createdAt: 0,
    file: BaselineFile.parse({ name: "b", services: { web: { url: primary } } }),
  };
  const probe = found === "no probe" ? {} : { probe: PROBE };
  const overlay: Overlay = {
    ...{ id: "env", baseline: "b", createdAt: 0, shadow: { enabled: true }, revision: 0 },
    file: OverlayFile.parse({
      ...{ name: "o", sideEffects, sampling: { match: { methods: METHODS } } },
      services: { web: { url: candidate, secondary, ...probe } },
    }),
    run: { id: "run", attempt: 1, startedAt: 0, baselineVersion: "1", candidateVersion: "2" },
  };
  const records = probesOf(baseline, [overlay], "web").flatMap(
    ({ env, run, service, key, sideEffects }): ProbeRecord[] => {
      if (found === "no probe" || found === "waiting") return [];
      return [{ env, run, service, key, sideEffects, state: found, reason: "", tee: "t", at: 0, tries: 1, nextAt: 0 }];
    },
  );
  return planOf(baseline, [overlay], "web", records).entries[0]!;
};

/** `lane`: empty for what callers sent. */
const methodsAt = (server: RawServer, lane: string): string => {
  const heads = server.bytes.split("\r\n\r\n").filter((head) => head !== "");
  const ofLane = heads.filter((head) => (/^x-shadowgraph-lane: (\w+)/m.exec(head)?.[1] ?? "") === lane);
  const seen = METHODS.filter((method) => ofLane.some((head) => head.startsWith(`${method} `)));
  const named = { all: METHODS, reads: READS, nothing: [] as string[] };
  const [name] = Object.entries(named).find(([, methods]) => methods.join() === seen.join()) ?? [];
  return name ?? seen.join(", ");
};

/** What the lanes of one tee saw of one request of each method. */
const seenBy = async (sideEffects: string, found: FoundState, hasControl: boolean) => {
  const [primary, candidate, control] = [await serve(), await serve(), await serve()];
  const secondary = hasControl ? { url: control.url } : "baseline";
  const entry = entryOf(sideEffects, found, candidate.url, secondary, primary.url);
  const tee = await startTee({ primary: primary.url, candidate: candidate.url, entry });
  for (const method of METHODS)
    await talk(tee.port, [`${method} / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n`], { until: "\r\n\r\n" });
  await tee.tee.drain();
  return {
    primary: methodsAt(primary, ""),
    candidate: methodsAt(candidate, "candidate"),
    control: methodsAt(control, "secondary"),
    baseline: methodsAt(primary, "secondary"),
    denied: tee.deniedWrites(),
  };
};

test("what lanes see, by declaration and probe, is as docs/side-effects.md prints it", async () => {
  const cases = SIDE_EFFECTS.flatMap((sideEffects) => FOUND.map((found) => [sideEffects, found] as const));
  const rows = await Promise.all(
    cases.map(async ([sideEffects, found]) => {
      const withControl = await seenBy(sideEffects, found, true);
      const withBaseline = await seenBy(sideEffects, found, false);
      expect(withBaseline.candidate).toBe(withControl.candidate);
      expect(withControl.denied).toBe(withControl.candidate === "all" ? 0 : WRITES.length);
      const seen = [withControl.primary, withControl.candidate, withControl.control, withBaseline.baseline];
      return `| \`${sideEffects}\` | ${found} | ${seen.join(" | ")} |`;
    }),
  );
  expect(rows.filter((row) => row.includes("| all | all |"))).toEqual(
    ["suppressed", "isolated", "stubbed"].map((one) => `| \`${one}\` | passed | all | all | all | reads |`),
  );
  const table = [
    "| declared | probe | primary | candidate | control overlay | baseline asked once more |",
    "|---|---|---|---|---|---|",
    ...rows,
  ].join("\n");
  expect(readFileSync("docs/side-effects.md", "utf8")).toContain(table);
});
