import type { Command } from "commander";
import * as z from "zod";
import { ShadowgraphError } from "../core/errors.ts";
import type { ReplayShape } from "../lambdas/api/shapes-replay.ts";
import { addCommand, type Cli } from "./command.ts";
import { FILL_FLAGS, fillOf } from "./fill.ts";
import { replayText, sendableText } from "./render/replay.ts";
import { number, time } from "./render/text.ts";
import { takeSteps } from "./steps.ts";
import { flag, Moment, PerSecond } from "./values.ts";

/** Bounded by the rate alone. */
const AS_FAST_AS_CAN_BE = 10_000;

const SPEED = "must be how many times as fast, 0.01 to 10000, or max";
const Speed = z
  .string()
  .regex(/^(?:\d{1,5}(?:\.\d{1,2})?x?|max)$/, SPEED)
  .transform((text) => (text === "max" ? AS_FAST_AS_CAN_BE : Number.parseFloat(text)))
  .pipe(z.number().min(0.01, SPEED).max(AS_FAST_AS_CAN_BE, SPEED));

export const addReplay = (noun: Command, cli: Cli): void =>
  addCommand(noun, cli, {
    usage: "replay <env>",
    summary:
      "send the stored requests of a window again, to candidate and control; stored are those whose answers differed somewhere, no others",
    example: "shadowgraph env replay local --from 1h --to 30m --speed 4",
    flags: [
      ["--from <time>", "only requests from then on: 2026-01-31T12:00:00Z, 2026-01-31, or 2h: so long ago"],
      ["--to <time>", "only requests before then"],
      ["--speed <factor>", "times as fast as they came, 0.01 to 10000, or max (default: 1)"],
      ["--rate <count>", "requests a second at most, twice as many to the control, 0.1 to 50 (default: 10)"],
      ["--dry-run", "say how many can be sent, and why the others cannot"],
      ["--service <name>", "the service to ask, where the overlay changes several"],
      ...FILL_FLAGS,
      ["--show", "show the latest replay; nothing is sent"],
    ],
    options: z.object({
      from: Moment.optional(),
      to: Moment.optional(),
      speed: Speed.optional(),
      rate: PerSecond.optional(),
      dryRun: flag,
      service: z.string().min(1).optional(),
      fill: z.array(z.string()).optional(),
      fillFile: z.string().min(1).optional(),
      show: flag,
    }),
    act: async ({ io, client, options, paint }, env) => {
      const view = { env, paint, columns: io.columns };
      if (options.show) {
        const replay = await client.shownReplay(env);
        return { json: replay, text: replayText(replay, { ...view, isStopped: false }) };
      }
      const { speed, rate, dryRun, service } = options;
      const window = windowOf(options, io.now());
      const fill = fillOf(options, io);
      const begun = await client.beginReplay(env, { ...window, speed, rate, dryRun, service, fill });
      let isCounted = false;
      const steps = {
        next: async ({ id }: ReplayShape) => {
          const replay = await client.goOnReplay(env, { continue: id, fill });
          if (!isCounted && replay.phase === "sending") io.err(sendableText(replay));
          isCounted ||= replay.phase !== "counting";
          return replay;
        },
        hasEnded: ({ phase }: ReplayShape) => phase === "ended",
        waitOf: ({ waitMs }: ReplayShape) => waitMs,
        progress: progressOf,
      };
      const { now, isStopped } = await takeSteps(begun, steps, io);
      return { json: now, text: replayText(now, { ...view, isStopped }) };
    },
  });

const windowOf = (
  {
    from,
    to,
  }: { readonly from?: ((now: number) => number) | undefined; readonly to?: ((now: number) => number) | undefined },
  now: number,
): { readonly from: number; readonly to: number } => {
  const missing = [from === undefined ? "--from" : [], to === undefined ? "--to" : []].flat();
  if (from === undefined || to === undefined)
    throw new ShadowgraphError("invalid-input", "a replay needs a window", {
      faults: missing.map((field) => ({ field, message: "must be given, such as 2026-01-31T12:00:00Z or 2h" })),
    });
  const window = { from: from(now), to: to(now) };
  if (window.from < window.to) return window;
  throw new ShadowgraphError("invalid-input", "the window of the replay is empty", {
    faults: [{ field: "--to", message: `must be after --from, ${time(window.from)}; got ${time(window.to)}` }],
  });
};

const progressOf = ({ phase, sent, counts, requests, waitMs }: ReplayShape) => {
  if (phase === "counting") return { share: 0, text: `${number(requests)} requests of the window counted` };
  const waiting = waitMs > 0 ? `, the next in ${Math.ceil(waitMs / 1_000)} s` : "";
  return { share: sent / Math.max(1, counts.ready), text: `${number(sent)} of ${number(counts.ready)} sent${waiting}` };
};
