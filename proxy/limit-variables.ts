import type * as z from "zod";
import { wholeNumber } from "../adapters/env.ts";

/** `maxBodyBytes` is MAX_BODY_BYTES. */
export const variableOf = (limit: string): string => limit.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();

/** A variable for each limit, none of which must be given. */
export const limitVariables = (limits: z.ZodObject): Record<string, z.ZodOptional<ReturnType<typeof wholeNumber>>> =>
  Object.fromEntries(
    Object.entries(limits.shape).map(([limit, its]) => {
      const least = (its as z.ZodType).safeParse(0).success ? 0 : 1;
      return [variableOf(limit), wholeNumber(least, Number.MAX_SAFE_INTEGER).optional()];
    }),
  );

/** The limits with those that variables give; the others have their defaults. */
export const limitsIn = <T extends z.ZodObject>(limits: T, variables: Readonly<Record<string, unknown>>): z.infer<T> =>
  limits.parse(
    Object.fromEntries(
      Object.keys(limits.shape).flatMap((limit) => {
        const value = variables[variableOf(limit)];
        return value === undefined ? [] : [[limit, value]];
      }),
    ),
  );

/** A table for docs, of the limits and what they mean. */
export const limitsTable = (limits: z.ZodObject): string => {
  const defaults = limits.parse({}) as Record<string, unknown>;
  const rows = Object.entries(limits.shape).map(
    ([limit, its]) => `| \`${variableOf(limit)}\` | ${defaults[limit]} | ${(its as z.ZodType).description} |`,
  );
  return ["| variable | default | meaning |", "|---|---|---|", ...rows].join("\n");
};
