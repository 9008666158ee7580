const OPERATIONS = [
  "dynamodb.PutItem",
  "dynamodb.GetItem",
  "dynamodb.Query",
  "dynamodb.DeleteItem",
  "sqs.SendMessage",
  "s3.PutObject",
  "s3.GetObject",
  "s3.DeleteObject",
] as const;
export type Operation = (typeof OPERATIONS)[number];

/** What was called, and what the service bills for it. */
export interface Counts {
  readonly calls: number;
  /** WRU, RRU, requests of 64 KiB, or calls, as the service counts. */
  readonly units: number;
  /** Conditions that did not hold; in `calls` and `units` as well. */
  readonly refused: number;
  /** Of the items that were put, as DynamoDB counts them. */
  readonly itemBytes: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
}

/** By operation; and by operation and the first part of the partition key, such as `dynamodb.PutItem FACTS`. */
export type Tally = Readonly<Record<string, Counts>>;

const NOTHING: Counts = { calls: 0, units: 0, refused: 0, itemBytes: 0, requestBytes: 0, responseBytes: 0 };
const FIELDS = Object.keys(NOTHING) as (keyof Counts)[];

export const countsOf = (tally: Tally, name: string): Counts => tally[name] ?? NOTHING;

const addCounts = (a: Counts, b: Counts): Counts =>
  Object.fromEntries(FIELDS.map((field) => [field, a[field] + b[field]])) as unknown as Counts;

export const addTallies = (a: Tally, b: Tally): Tally => {
  const sum: Record<string, Counts> = { ...a };
  for (const [name, counts] of Object.entries(b)) sum[name] = addCounts(countsOf(sum, name), counts);
  return sum;
};

/** All tallies of calls to one service. */
export const unitsOf = (tally: Tally, ...names: readonly string[]): number =>
  names.reduce((sum, name) => sum + countsOf(tally, name).units, 0);

/** Counts each call of the clients; `take` gives what came since it was last asked. */
export class Meter {
  #tally: Record<string, Counts> = {};

  count(operation: Operation, noun: string | undefined, counts: Partial<Counts>): void {
    const whole = { ...NOTHING, calls: 1, ...counts };
    for (const name of noun === undefined ? [operation] : [operation, `${operation} ${noun}`])
      this.#tally[name] = addCounts(countsOf(this.#tally, name), whole);
  }

  take(): Tally {
    const tally = this.#tally;
    this.#tally = {};
    return tally;
  }
}
