import type { BypassChange } from "./bypass.ts";
import { isShadowgraphError } from "./fault.ts";
import type { Audit, Catalog } from "./ports.ts";

export interface Who {
  readonly who: string;
  /** Milliseconds since 1970. */
  now(): number;
  newId(prefix: string): string;
}

/** Writes each change into the audit of its baseline; what was so before is no change. */
export const recordBypass = async (
  changes: readonly BypassChange[],
  { catalog, audit }: { readonly catalog: Catalog; readonly audit: Audit },
  { who, now, newId }: Who,
): Promise<void> => {
  for (const { before, after } of changes) {
    if (before.teePercent === after.teePercent) continue;
    const env = await idOf(catalog, after.baseline);
    await audit.append(env, { at: now(), id: newId("audit"), who, what: "bypass", before, after });
  }
};

/** Before `baseline create` there is a fleet, but nothing in the catalog yet. */
const idOf = async (catalog: Catalog, name: string): Promise<string> => {
  try {
    return (await catalog.baseline(name)).id;
  } catch (error) {
    if (isShadowgraphError(error, "not-found")) return name;
    throw error;
  }
};
