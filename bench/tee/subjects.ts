import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import { OUTCOMES, type OutcomeCounts, sumOfOutcomes } from "../../core/pair/outcome.ts";
import type { AwsJob } from "./aws.ts";
import type { Load } from "./load.ts";
import { startNginx } from "./nginx.ts";
import { ask, freePort, listening, start } from "./process.ts";
import { forkTee } from "./program.ts";
import type { Targets } from "./targets.ts";

/** What a subject stands between, and a folder for what it writes. */
export interface Setting {
  readonly targets: Targets;
  readonly load: Load;
  readonly folder: string;
}

export interface Running {
  readonly port: number;
  /** Whose CPU time and memory count; none where nothing stands between the callers and the primary. */
  readonly child?: ChildProcess;
  /** Where it tells its metrics. */
  readonly adminPort?: number;
  /** What it counted itself, once it has ended. */
  readonly counts?: () => Promise<OutcomeCounts>;
}

export type Started = Running | { readonly skipped: string };

/** What is measured. */
export interface Subject {
  readonly name: string;
  readonly mirrors: boolean;
  readonly start: (setting: Setting) => Promise<Started>;
}

export const directly: Subject = {
  name: "direct",
  mirrors: false,
  start: async ({ targets }) => ({ port: Number(new URL(targets.primary).port) }),
};

/** How far two measurements of the same thing are apart. */
export const directlyAgain: Subject = { ...directly, name: "direct, once more" };

export const floor: Subject = {
  name: "node:http server, no proxy",
  mirrors: false,
  async start({ load }) {
    const { child, hello } = await start<{ port: number }>("floor.ts", JSON.stringify(load));
    return { port: hello.port, child };
  },
};

export const nginxPlain: Subject = {
  name: "nginx, plain proxy",
  mirrors: false,
  start: (setting) => startNginx(setting, false),
};

export const nginxMirror: Subject = {
  name: "nginx, mirror module",
  mirrors: true,
  start: (setting) => startNginx(setting, true),
};

const startTee = async ({ targets, folder }: Setting, mirrors: boolean): Promise<Running> => {
  const { primary, candidate, secondary, certificate } = targets;
  const dataDir = join(folder, mirrors ? "aws" : "aws-mirror-off");
  const job: AwsJob = { dataDir, primary, candidate, secondary, mirrors };
  const aws = await start<{ env: Record<string, string> }>("aws.ts", JSON.stringify(job));
  const [port, adminPort] = [await freePort(), await freePort()];
  const env = {
    ...process.env,
    ...aws.hello.env,
    ...(certificate === undefined ? {} : { NODE_EXTRA_CA_CERTS: certificate.file }),
    PORT: String(port),
    HOST: "127.0.0.1",
    ADMIN_PORT: String(adminPort),
  };
  const child = await forkTee(env);
  await listening(port, child, "the tee");
  const counts = async () => (await ask<{ outcomes: OutcomeCounts }>(aws.child, {})).outcomes;
  return { port, child, adminPort, ...(mirrors ? { counts } : {}) };
};

export const tee: Subject = {
  name: "shadowgraph tee",
  mirrors: true,
  start: (setting) => startTee(setting, true),
};

export const teeMirrorOff: Subject = {
  name: "shadowgraph tee, mirror off",
  mirrors: false,
  start: (setting) => startTee(setting, false),
};

/** `sampled` beside the sum of its outcomes: whoever loses a request shows it here. */
export const accountingOf = ({ name }: Subject, counts: OutcomeCounts): { line: string; isWhole: boolean } => {
  const sum = sumOfOutcomes(counts);
  const isWhole = counts.sampled === sum;
  const parts = OUTCOMES.filter((outcome) => counts[outcome] > 0).map((outcome) => `${outcome} ${counts[outcome]}`);
  const line = `${name}, its own accounting: sampled ${counts.sampled} ${isWhole ? "=" : "≠"} Σ outcomes ${sum}: ${parts.join(", ")}`;
  return { line, isWhole };
};
