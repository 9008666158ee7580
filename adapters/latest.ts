import { keyOf } from "./key.ts";
import { ABSENT, type Table } from "./table.ts";

interface Stepped {
  readonly env: string;
  /** One more at each write. */
  readonly step: number;
}

/** The latest of its kind of each environment; kept until TTL. */
export interface Latest<T extends Stepped> {
  of(env: string): Promise<T | undefined>;
  /** False: the stored one is not at `step` - 1 any more. */
  put(value: T): Promise<boolean>;
}

interface LatestOptions {
  readonly ttlDays: number;
  /** Milliseconds since 1970. */
  now(): number;
}

export const createLatest = <T extends Stepped>(
  table: Table,
  kind: string,
  { ttlDays, now }: LatestOptions,
): Latest<T> => {
  const keyOfRow = (env: string) => ({ pk: keyOf("ENV", env), sk: kind });
  return {
    of: async (env) => (await table.get(keyOfRow(env)))?.value as T | undefined,

    put(value) {
      const { env, step } = value;
      const condition = step === 1 ? ABSENT : { expression: "#step = :before", values: { before: step - 1 } };
      const expiresAt = Math.ceil(now() / 1_000) + ttlDays * 86_400;
      return table.put({ ...keyOfRow(env), value, attributes: { step }, condition, expiresAt });
    },
  };
};
