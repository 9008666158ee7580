import { type Item, itemBytes, readUnits, writeUnits } from "../units.ts";

/** DynamoDB ends a page of a query at 1 MiB of items. */
const PAGE_BYTES = 1_024 * 1_024;

interface Stored {
  readonly item: Item;
  readonly bytes: number;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly units: number;
  readonly refused?: number;
  /** Of an item that was put. */
  readonly itemBytes?: number;
}

interface Request {
  readonly Item?: Item;
  readonly Key?: Item;
  readonly ReturnValues?: string;
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Item;
  readonly ScanIndexForward?: boolean;
  readonly ExclusiveStartKey?: Item;
  readonly Limit?: number;
}

const textOf = (item: Item | undefined, name: string): string => item?.[name]?.S ?? "";

/** The calls of DynamoDB that adapters/table.ts makes, in memory, with the capacity that each consumes. Reads are consistent. */
export class FakeTable {
  readonly #partitions = new Map<string, Map<string, Stored>>();
  readonly #orders = new Map<string, readonly string[]>();

  answer(operation: string, request: Request): Answer {
    switch (operation) {
      case "PutItem":
        return this.#put(request);
      case "GetItem":
        return this.#get(request);
      case "Query":
        return this.#query(request);
      case "DeleteItem":
        return this.#delete(request);
      default:
        throw new Error(`the table of the cost model does not know ${operation}`);
    }
  }

  #put(request: Request): Answer {
    const item = request.Item!;
    const [pk, sk] = [textOf(item, "pk"), textOf(item, "sk")];
    const old = this.#partitions.get(pk)?.get(sk);
    const bytes = itemBytes(item);
    const units = writeUnits(bytes, old?.bytes);
    if (!holds(request, old?.item)) return refusal(units);
    this.#partition(pk).set(sk, { item, bytes });
    if (old === undefined) this.#orders.delete(pk);
    return { status: 200, body: oldOf(request, old), units, itemBytes: bytes };
  }

  #get({ Key }: Request): Answer {
    const found = this.#partitions.get(textOf(Key, "pk"))?.get(textOf(Key, "sk"));
    return { status: 200, body: found === undefined ? {} : { Item: found.item }, units: readUnits(found?.bytes ?? 0) };
  }

  #delete(request: Request): Answer {
    const partition = this.#partitions.get(textOf(request.Key, "pk"));
    const old = partition?.get(textOf(request.Key, "sk"));
    const units = writeUnits(old?.bytes ?? 0);
    if (!holds(request, old?.item)) return refusal(units);
    partition?.delete(textOf(request.Key, "sk"));
    this.#orders.delete(textOf(request.Key, "pk"));
    return { status: 200, body: oldOf(request, old), units };
  }

  #query({ ExpressionAttributeValues, ScanIndexForward, ExclusiveStartKey, Limit }: Request): Answer {
    const pk = textOf(ExpressionAttributeValues, ":pk");
    const prefix = textOf(ExpressionAttributeValues, ":prefix");
    const partition = this.#partition(pk);
    const order = this.#order(pk);
    const keys = ScanIndexForward === false ? order.toReversed() : order;
    const from = ExclusiveStartKey === undefined ? 0 : keys.indexOf(textOf(ExclusiveStartKey, "sk")) + 1;
    const Items: Item[] = [];
    let bytes = 0;
    for (const sk of keys.slice(from)) {
      if (!sk.startsWith(prefix)) continue;
      const stored = partition.get(sk)!;
      Items.push(stored.item);
      bytes += stored.bytes;
      if (Items.length === Limit || bytes >= PAGE_BYTES) {
        const { pk: ofPk, sk: ofSk } = stored.item;
        const LastEvaluatedKey = { pk: ofPk, sk: ofSk };
        return { status: 200, body: { Items, Count: Items.length, LastEvaluatedKey }, units: readUnits(bytes) };
      }
    }
    return { status: 200, body: { Items, Count: Items.length }, units: readUnits(bytes) };
  }

  #partition(pk: string): Map<string, Stored> {
    const partition = this.#partitions.get(pk) ?? new Map<string, Stored>();
    this.#partitions.set(pk, partition);
    return partition;
  }

  #order(pk: string): readonly string[] {
    const order = this.#orders.get(pk) ?? [...this.#partition(pk).keys()].sort();
    this.#orders.set(pk, order);
    return order;
  }
}

const oldOf = ({ ReturnValues }: Request, old: Stored | undefined): unknown =>
  ReturnValues === "ALL_OLD" && old !== undefined ? { Attributes: old.item } : {};

const refusal = (units: number): Answer => ({
  status: 400,
  body: {
    __type: "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",
    message: "The conditional request failed",
  },
  units,
  refused: 1,
});

/** The conditions in use: `attribute_exists(#a)`, `attribute_not_exists(#a)`, `#a = :a` and `#a <= :a`, joined by AND or by OR. */
const holds = (request: Request, item: Item | undefined): boolean => {
  const { ConditionExpression: condition } = request;
  if (condition === undefined) return true;
  const holdsOne = (term: string): boolean => isTrue(term.trim(), request, item);
  if (condition.includes(" OR ")) return condition.split(" OR ").some(holdsOne);
  return condition.split(" AND ").every(holdsOne);
};

const isTrue = (
  term: string,
  { ExpressionAttributeNames: names, ExpressionAttributeValues: values }: Request,
  item?: Item,
) => {
  const [, not, attribute] = /^attribute_(not_)?exists\((#\w+)\)$/.exec(term) ?? [];
  if (attribute !== undefined) return (item?.[names?.[attribute] ?? ""] === undefined) === (not !== undefined);
  const [, name, relation, value] = /^(#\w+) (=|<=) (:\w+)$/.exec(term) ?? [];
  if (name === undefined) throw new Error(`the table of the cost model does not know the condition ${term}`);
  const [held, wanted] = [item?.[names?.[name] ?? ""], values?.[value!]];
  if (held === undefined || wanted === undefined) return false;
  if (relation === "=") return held.S === wanted.S && held.N === wanted.N;
  return Number(held.N) <= Number(wanted.N);
};
