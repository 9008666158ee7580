import type { AuditEntry } from "../../adapters/ports.ts";
import { ShadowgraphError } from "../../core/errors.ts";
import type { Call } from "./deps.ts";

/** Notes a change that is about to be made. `before` and `after` are as the API shows them: without secrets. */
type Note = (env: string, what: string, before: unknown, after: unknown) => Promise<void>;

/** Whose change it is. */
export type Changing = Pick<Call, "now" | "newId" | "who" | "onFault"> & {
  readonly ports: Pick<Call["ports"], "audit">;
};

/**
 * Makes a change that notes itself before it is made. Whoever dies in between leaves an entry that is only begun: no change is without
 * one. Noted again, as after a race, an entry takes the place of the one before; one whose change was refused is removed.
 */
export const audited = async <T>(call: Changing, change: (note: Note) => Promise<T>): Promise<T> => {
  const { ports, now, newId, who } = call;
  const [at, id] = [now(), newId("audit")];
  const noted = new Map<string, AuditEntry>();
  const onFault = (fault: unknown): void => call.onFault?.(fault);
  const note: Note = async (env, what, before, after) => {
    const entry = { at, id, who, what, before, after };
    await ports.audit.append(env, { ...entry, begun: true });
    noted.set(env, entry);
  };
  let changed: T;
  try {
    changed = await change(note);
  } catch (error) {
    if (isRefused(error)) for (const env of noted.keys()) await ports.audit.remove(env, { at, id }).catch(onFault);
    throw error;
  }
  // It is made: that its end could not be noted must not look as if it were not.
  for (const [env, entry] of noted) await ports.audit.append(env, entry).catch(onFault);
  return changed;
};

/** Nothing was changed. Of what a store did not answer to, that is not known. */
const isRefused = (error: unknown): boolean =>
  error instanceof ShadowgraphError && error.code !== "unavailable" && error.code !== "internal";
