import * as z from "zod";
import type { AuditEntry } from "../../adapters/ports.ts";
import { ShadowgraphError } from "../../core/errors.ts";
import type { Call } from "./deps.ts";
import { environmentOf } from "./environments.ts";
import { ById, queryInt, queryTime, type Route, route } from "./route.ts";
import { AuditShape } from "./shapes.ts";
import { auditEntries } from "./writes.ts";

export const auditRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/environments/{id}/audit",
    summary: "List who changed what of a baseline or an overlay, latest first; of a deleted one by its id",
    params: ById,
    query: z.strictObject({
      limit: queryInt(1, 1_000, 100),
      offset: queryInt(0, 1_000_000, 0),
      /** Only of this time on, and only before that: milliseconds since 1970, or ISO 8601. */
      from: queryTime.optional(),
      to: queryTime.optional(),
      /** Only these changes: `environment.rules`; with a dot at its end all that begin so: `overlay.` */
      what: z.string().min(1).max(100).optional(),
      who: z.string().min(1).max(500).optional(),
    }),
    body: null,
    status: 200,
    answer: AuditShape,
    errors: ["not-found"],
    handle: async ({ params: { id }, query: { limit, offset, from, to, what, who } }, { ports }) => {
      const isMeant = (entry: AuditEntry): boolean =>
        entry.at >= (from ?? 0) &&
        entry.at < (to ?? Number.POSITIVE_INFINITY) &&
        (who === undefined || entry.who === who) &&
        (what === undefined || entry.what === what || (what.endsWith(".") && entry.what.startsWith(what)));
      const found = (await entriesOf(id, ports)).filter(isMeant).reverse();
      const entries = found
        .slice(offset, offset + limit)
        .map(({ begun, ...entry }) => ({ ...entry, begun: begun === true }));
      return { entries, total: found.length };
    },
  }),
];

/** Under its id, and what was written under the name alone: the kill switch knows a baseline by it before it is in the catalog. */
const entriesOf = async (idOrName: string, ports: Call["ports"]): Promise<readonly AuditEntry[]> => {
  const environment = await environmentOf(ports.catalog, idOrName).catch((error: unknown) => {
    if (error instanceof ShadowgraphError && error.code === "not-found") return undefined;
    throw error;
  });
  const keys = new Set([idOrName]);
  if (environment?.kind === "overlay") keys.add(environment.overlay.id);
  if (environment?.kind === "baseline") keys.add(environment.baseline.id).add(environment.baseline.file.name);
  const entries = (await Promise.all([...keys].map((key) => auditEntries(key, ports)))).flat();
  if (entries.length > 0 || environment !== undefined) return entries.sort((a, b) => a.at - b.at);
  throw new ShadowgraphError("not-found", `there is no environment "${idOrName}", and nothing is known of one`);
};
