import type { Call } from "./deps.ts";

/** Writes who changed what of an environment. `before` and `after` are as the API shows them: without secrets. */
export const audit = (
  { ports, now, newId, who }: Call,
  env: string,
  what: string,
  before: unknown,
  after: unknown,
): Promise<void> => ports.audit.append(env, { at: now(), id: newId("audit"), who, what, before, after });
