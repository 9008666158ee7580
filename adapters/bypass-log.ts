import type { BypassChange } from "./bypass.ts";
import { isShadowgraphError } from "./fault.ts";
import type { Audit, Catalog } from "./ports.ts";

export interface Who {
  readonly who: string;
  /** Milliseconds since 1970. */
  now(): number;
  newId(prefix: string): string;
  onFault?(fault: unknown): void;
  /** Why the way is opened although alarms of the kill switch may not close it again. */
  readonly because?: string | undefined;
}

/** The audit of one turn of the kill switch, in the trails of the baselines. */
export interface BypassLog {
  /** Notes what is about to be turned. Never rejects, and waits but a moment: callers come first. */
  begin(change: BypassChange): Promise<void>;
  /** Notes what was turned; what was so before is no change. */
  end(changes: readonly BypassChange[]): Promise<void>;
}

/** So long a store that is away may keep the kill switch from acting. */
const BEGIN_WITHIN_MS = 1_000;

/** Two writes in the same place: whoever dies in between leaves an entry that is begun. */
export const createBypassLog = (
  { catalog, audit }: { readonly catalog: Catalog; readonly audit: Audit },
  { who, now, newId, onFault = () => {}, because }: Who,
): BypassLog => {
  const [at, id] = [now(), newId("audit")];
  const beginnings: Promise<void>[] = [];
  const note = async ({ before, after }: BypassChange, isBegun: boolean): Promise<void> => {
    const reached = because === undefined ? after : { ...after, because };
    const entry = { at, id: `${id}-${after.service}`, who, what: "bypass", before, after: reached };
    await audit.append(await idOf(catalog, after.baseline), isBegun ? { ...entry, begun: true } : entry);
  };
  return {
    async begin(change) {
      const noted = note(change, true).catch(onFault);
      beginnings.push(noted);
      await within(noted, BEGIN_WITHIN_MS);
    },

    async end(changes) {
      await Promise.all(beginnings);
      for (const change of changes) if (change.before.teePercent !== change.after.teePercent) await note(change, false);
    },
  };
};

const within = async (work: Promise<void>, ms: number): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, over]);
  clearTimeout(timer);
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
