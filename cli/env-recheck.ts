import type { Command } from "commander";
import * as z from "zod";
import { ShadowgraphError } from "../core/errors.ts";
import type { RecheckShape } from "../lambdas/api/shapes-recheck.ts";
import { addCommand, type Cli } from "./command.ts";
import { FILL_FLAGS, fillOf } from "./fill.ts";
import { recheckExit, recheckText } from "./render/recheck.ts";
import { number, plural } from "./render/text.ts";
import { takeSteps } from "./steps.ts";
import { flag, PerSecond, whole } from "./values.ts";

export const addRecheck = (noun: Command, cli: Cli): void =>
  addCommand(noun, cli, {
    usage: "recheck <env>",
    summary:
      "send stored requests that showed findings to candidate and control again; exit code 0 all fixed, 1 some still there, 3 not known of all",
    example: 'shadowgraph env recheck pr-7 --fill authorization="Bearer $TOKEN"',
    flags: [
      ["--finding <id...>", "only these (default: every confirmed one)"],
      ["--all", "also those that are not confirmed"],
      ["--times <count>", "how often each request is sent, 1 to 100 (default: 3)"],
      ["--requests <count>", "requests of each finding, 1 to 50 (default: 10)"],
      ["--rate <count>", "requests a second to the candidate, twice as many to the control, 0.1 to 50 (default: 10)"],
      ["--service <name>", "the service to ask, where the overlay changes several"],
      ...FILL_FLAGS,
      ["--show", "show the latest recheck; nothing is sent"],
    ],
    options: z.object({
      finding: z.array(z.string().min(1)).optional(),
      all: flag,
      times: whole(1, 100).optional(),
      requests: whole(1, 50).optional(),
      rate: PerSecond.optional(),
      service: z.string().min(1).optional(),
      fill: z.array(z.string()).optional(),
      fillFile: z.string().min(1).optional(),
      show: flag,
    }),
    act: async ({ io, client, options, paint }, env) => {
      const { finding, all, times, requests, rate, service, show } = options;
      if (all && finding !== undefined)
        throw new ShadowgraphError("invalid-input", "--all and --finding exclude each other");
      const fill = fillOf(options, io);
      if (show) return shown(await client.shownRecheck(env), false);
      const begun = await client.beginRecheck(env, { findings: finding, all, times, requests, rate, service, fill });
      const steps = {
        next: ({ id }: RecheckShape) => client.goOnRecheck(env, { continue: id, fill }),
        hasEnded: ({ done, total }: RecheckShape) => done >= total,
        progress: (now: RecheckShape) => ({ share: now.done / Math.max(1, now.total), text: progressOf(now) }),
      };
      const { now, isStopped } = await takeSteps(begun, steps, io);
      return shown(now, isStopped);

      function shown(recheck: RecheckShape, isStopped: boolean) {
        const text = recheckText(recheck, { env, columns: io.columns, paint, isStopped });
        return { json: recheck, text, exit: recheckExit(recheck) };
      }
    },
  });

const progressOf = ({ done, total, requests, findings }: RecheckShape): string =>
  `${number(done)} of ${plural(total, "repetition")} of ${plural(requests, "request")} sent, for ${plural(findings.length, "finding")}`;
