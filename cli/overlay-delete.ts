import type { Command } from "commander";
import * as z from "zod";
import { type FieldFault, ShadowgraphError } from "../core/errors.ts";
import type { OverlayShape } from "../lambdas/api/shapes.ts";
import type { Client } from "./client.ts";
import { addCommand, type Cli, type Shown } from "./command.ts";
import type { Io } from "./io.ts";
import { STILL_EXIT } from "./release.ts";
import { deploymentLine } from "./render/deployment.ts";
import { visible } from "./render/text.ts";
import { flag } from "./values.ts";
import { waitForEnd } from "./wait-progress.ts";

const Options = z.object({ wait: z.boolean().default(true), all: flag, baseline: z.string().min(1).optional() });
type Options = z.infer<typeof Options>;

export const addDelete = (noun: Command, cli: Cli): void =>
  addCommand(noun, cli, {
    usage: "delete [id]",
    summary:
      "delete an overlay, or all of them: mirroring ends, what is deployed is removed; audits stay, by the overlays' ids",
    example: "shadowgraph overlay delete pr-7",
    flags: [
      ["--all", "every overlay, as before the stack is destroyed"],
      ["--baseline <id>", "with --all: every overlay of this baseline, by id or name"],
      ["--no-wait", "do not wait until all of it is removed"],
    ],
    options: Options,
    act: async ({ io, client, options }, name: string | undefined) => {
      const faults = faultsOf(name, options);
      if (faults.length > 0) throw new ShadowgraphError("invalid-input", "it is not clear what to delete", { faults });
      return name === undefined ? deleteAll(options, client, io) : deleteOne(name, options.wait, client, io);
    },
  });

const faultsOf = (name: string | undefined, { all, baseline }: Options): FieldFault[] => {
  if (name === undefined && !all)
    return [{ field: "id", message: "must be the id or name of an overlay, unless --all is given; got nothing" }];
  if (name !== undefined && all)
    return [{ field: "--all", message: `must stand without an id; got "${name}" as well` }];
  if (baseline !== undefined && !all)
    return [{ field: "--baseline", message: `must stand with --all; got "${baseline}" without it` }];
  return [];
};

const deleteOne = async (name: string, hasToWait: boolean, client: Client, io: Io): Promise<Shown> => {
  const { id } = await client.overlay(name);
  const isDone = await client.deleteOverlay(id);
  const left = isDone || !hasToWait ? undefined : await untilEnded(id, client, io);
  if (left !== undefined)
    return { json: left, text: `${left.deployment?.reason ?? "not removed yet"}\n`, exit: STILL_EXIT };
  const text = isDone || hasToWait ? `deleted ${id}\n` : `${id} is being removed\n`;
  return { json: { deleted: id }, text };
};

/** Shows how it goes until it has ended; undefined once it is gone. */
export const untilEnded = (id: string, client: Client, io: Io): Promise<OverlayShape | undefined> =>
  waitForEnd(
    () => client.overlay(id),
    {
      line: ({ deployment }) => (deployment === null ? "" : deploymentLine(deployment)),
      hasEnded: ({ deployment }) => deployment === null || !UNDER_WAY.has(deployment.state),
    },
    io,
  );

const UNDER_WAY: ReadonlySet<string> = new Set(["deploying", "removing"]);

interface Left {
  readonly id: string;
  readonly name: string;
  readonly reason: string;
}

/** One that cannot be deleted does not keep the others. What came meanwhile is left as well: nothing may stand when this ends with 0. */
const deleteAll = async ({ baseline, wait }: Options, client: Client, io: Io): Promise<Shown> => {
  const of = baseline === undefined ? undefined : (await client.baseline(baseline)).id;
  const present = async () =>
    (await client.overlays()).overlays.filter((overlay) => of === undefined || overlay.baseline === of);
  const begun = await present();
  const refused = new Map<string, string>();
  for (const { id } of begun) {
    try {
      await client.deleteOverlay(id);
    } catch (error) {
      const code = error instanceof ShadowgraphError ? error.code : undefined;
      // Somebody else was first.
      if (code === "not-found") continue;
      if (code !== "conflict") throw error;
      refused.set(id, (error as ShadowgraphError).message);
    }
  }
  const isAwaited = ({ id }: OverlayShape): boolean => begun.some((one) => one.id === id) && !refused.has(id);
  const how = {
    line: (now: readonly OverlayShape[]) => progressLine(now.filter(isAwaited), begun.length),
    hasEnded: (now: readonly OverlayShape[]) => !wait || !now.some(isAwaited),
  };
  const remaining = (await waitForEnd(present, how, io)) ?? [];
  const left = remaining.map(
    ({ id, file, deployment }): Left => ({
      id,
      name: file.name,
      reason:
        refused.get(id) ?? deployment?.reason ?? (begun.some((one) => one.id === id) ? "removing" : "came meanwhile"),
    }),
  );
  const deleted = begun.map(({ id }) => id).filter((id) => !left.some((one) => one.id === id));
  const hasFailed = wait ? left.length > 0 : refused.size > 0;
  return { json: { deleted, left }, text: allText(deleted, left), exit: hasFailed ? STILL_EXIT : 0 };
};

const progressLine = (waiting: readonly OverlayShape[], of: number): string => {
  const [first] = waiting;
  const doing = first?.deployment ? ` | ${visible(first.file.name)} ${deploymentLine(first.deployment)}` : "";
  return `${of - waiting.length} of ${of} deleted${doing}`;
};

const allText = (deleted: readonly string[], left: readonly Left[]): string => {
  if (deleted.length + left.length === 0) return "no overlays\n";
  return [
    ...deleted.map((id) => `deleted ${id}\n`),
    ...left.map(({ id, reason }) => `still there: ${id}: ${visible(reason)}\n`),
  ].join("");
};
