import type { Command } from "commander";
import * as z from "zod";
import { KINDS } from "../core/diff/place.ts";
import { REPORT_FORMATS } from "../core/report/formats.ts";
import { addCommand, type Cli } from "./command.ts";
import { findingsText, findingText } from "./render/findings.ts";
import { latencyText } from "./render/latency.ts";
import { verdictText } from "./render/verdict.ts";
import { Duration, flag, Share, whole } from "./values.ts";
import { VERDICT_EXITS } from "./verdict-exits.ts";
import { waitForVerdict } from "./wait.ts";

const TOLERANCE = ["--tolerance <share>", "share of diverging requests that is still safe (default: 0.1%)"] as const;

export const addFindings = (noun: Command, cli: Cli): void => {
  addCommand(noun, cli, {
    usage: "diffs <env>",
    summary: "list the findings, most telling first",
    example: "shadowgraph env diffs local --limit 10",
    flags: [
      ["--finding <id>", "show this one with all its examples"],
      ["--limit <count>", "how many to list, 1 to 500 (default: 20)"],
      ["--endpoint <endpoint>", 'only of this endpoint, such as "GET /orders/{id}"'],
      ["--kind <kind>", `only of this kind: ${KINDS.join(", ")}`],
      ["--confirmed", "only confirmed ones"],
    ],
    options: z.object({
      finding: z.string().min(1).optional(),
      limit: whole(1, 500).default(20),
      endpoint: z.string().min(1).optional(),
      kind: z.enum(KINDS, `must be one of ${KINDS.join(", ")}`).optional(),
      confirmed: flag,
    }),
    act: async ({ io, client, options, paint }, env) => {
      const { finding: id, limit, endpoint, kind, confirmed } = options;
      const view = { env, columns: io.columns, paint };
      if (id !== undefined) {
        const [{ finding }, environment] = await Promise.all([client.finding(env, id), client.environment(env)]);
        const lanes = environment.kind === "overlay" ? environment.lanes : [];
        return { json: finding, text: findingText(finding, { ...view, lanes }) };
      }
      const query = { limit, endpoint, kind, confirmed: confirmed ? "true" : undefined };
      const found = await client.findings(env, query);
      return { json: found, text: findingsText(found, view) };
    },
  });
  addCommand(noun, cli, {
    usage: "verdict <env>",
    summary:
      "say whether it is safe to release; exit code 0 SAFE, 1 REGRESSION, 2 usage, 3 UNDECIDED, 4 INVALID, 5 no answer",
    example: "shadowgraph env verdict pr-7 --wait 10m --tolerance 0.1%",
    flags: [["--wait <time>", "wait so long for a verdict other than UNDECIDED, such as 90s or 10m"], TOLERANCE],
    options: z.object({ wait: Duration.default(0), tolerance: Share.optional() }),
    act: async ({ io, client, options, paint }, env) => {
      const verdict = await waitForVerdict(() => client.verdict(env, options.tolerance), options.wait, io);
      return { json: verdict, text: verdictText(verdict, env, paint), exit: VERDICT_EXITS[verdict.verdict] };
    },
  });
  addCommand(noun, cli, {
    usage: "latency <env>",
    summary: "show how long each lane took, and how much slower the candidate is than a control overlay",
    example: "shadowgraph env latency local",
    flags: [
      ["--endpoint <endpoint>", 'only of this endpoint, such as "GET /orders/{id}"'],
      ["--limit <count>", "how many endpoints to list, by traffic, 1 to 200 (default: 20)"],
    ],
    options: z.object({ endpoint: z.string().min(1).optional(), limit: whole(1, 200).default(20) }),
    act: async ({ client, options, paint }, env) => {
      const latency = await client.latency(env, options);
      return { json: latency, text: latencyText(latency, env, paint) };
    },
  });
  addCommand(noun, cli, {
    usage: "report <env>",
    summary: "report verdict and findings, for a pull request or a script",
    example: "shadowgraph env report pr-7 --format html --out report.html",
    flags: [
      ["--format <format>", `${REPORT_FORMATS.join(", ")} (default: markdown)`],
      ["--out <file>", "write it to a file"],
      TOLERANCE,
    ],
    options: z.object({
      format: z.enum(REPORT_FORMATS, `must be one of ${REPORT_FORMATS.join(", ")}`).default("markdown"),
      out: z.string().min(1).optional(),
      tolerance: Share.optional(),
    }),
    act: async ({ io, client, options, isJson }, env) => {
      const { format, out, tolerance } = options;
      const report = isJson || format === "json" ? await client.report(env, tolerance) : undefined;
      const text =
        format === "json" ? `${JSON.stringify(report, null, 2)}\n` : await client.reportText(env, format, tolerance);
      if (out === undefined) return { json: report, text };
      io.writeFile(out, text);
      return { json: report, text: `written to ${out}\n` };
    },
  });
};
