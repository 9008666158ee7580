import { createHash, randomUUID } from "node:crypto";
import { ConditionalCheckFailedException, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DeleteCommand, DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { ShadowgraphError } from "../core/errors.ts";
import type { Bucket } from "./bucket.ts";
import { pack, unpack } from "./document.ts";
import { calling, faultOf } from "./fault.ts";
import { objectKeyOf } from "./key.ts";

/** DynamoDB's limit is 409 600 bytes with names and keys; beyond this a document moves to the bucket. */
const maxInlineBytes = 380_000;

export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** Attributes beside the document, for conditions. */
type Attributes = Readonly<Record<string, string | number>>;

export interface Condition {
  /** In DynamoDB's language; every attribute is written `#name`, every value `:name`. */
  readonly expression: string;
  readonly values?: Attributes;
}

export interface Write extends Key {
  readonly value: unknown;
  readonly attributes?: Attributes;
  readonly condition?: Condition;
  /** Seconds since 1970, the unit of DynamoDB's TTL; kept for ever where left out. */
  readonly expiresAt?: number;
}

/** Sort keys, both included. */
export interface KeyRange {
  readonly first: string;
  readonly last: string;
}

export interface Row {
  readonly sk: string;
  readonly value: unknown;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** Packed documents under a partition and a sort key, in the one table. Every read is consistent. */
export interface Table {
  /** False: the condition did not hold. */
  put(write: Write): Promise<boolean>;
  get(key: Key): Promise<Row | undefined>;
  /** Rows of a partition whose sort key begins with the prefix, or lies in the range, in key order, page by page. */
  query(pk: string, prefix: string | KeyRange, options?: { newestFirst?: boolean; limit?: number }): AsyncIterable<Row>;
  all(pk: string, prefix: string): Promise<readonly Row[]>;
  /** False: the condition did not hold. */
  delete(key: Key, condition?: Condition): Promise<boolean>;
}

/** `attribute_not_exists(pk)`: nothing is there yet. */
export const ABSENT: Condition = { expression: "attribute_not_exists(#pk)" };

type Item = Record<string, unknown>;

export const createTable = (dynamodb: DynamoDBClient, name: string, bucket: Bucket): Table => {
  const client = DynamoDBDocumentClient.from(dynamodb);

  const fetchItem = async ({ pk, sk }: Key): Promise<Item | undefined> =>
    (
      await calling(`read ${pk} ${sk}`, () =>
        client.send(new GetCommand({ TableName: name, Key: { pk, sk }, ConsistentRead: true })),
      )
    ).Item;

  const documentOf = async (item: Item, again = true): Promise<unknown> => {
    if (item.document instanceof Uint8Array) return unpack(item.document);
    const key = String(item.spill);
    const bytes = await bucket.get(key);
    if (bytes !== undefined) return unpack(bytes);
    // A writer replaced the row, and with it the object, between our two reads: the row now names another object.
    const newer = again ? await fetchItem({ pk: String(item.pk), sk: String(item.sk) }) : undefined;
    if (newer !== undefined) return documentOf(newer, false);
    throw new ShadowgraphError("internal", `the object ${key} of ${item.pk} ${item.sk} is gone`);
  };

  const rowOf = async (item: Item): Promise<Row> => {
    const { pk: _pk, sk, document: _document, spill: _spill, ...attributes } = item;
    return { sk: String(sk), value: await documentOf(item), attributes };
  };

  const inlineOrSpilled = async (write: Write): Promise<Item> => {
    const document = pack(write.value);
    if (document.length <= maxInlineBytes) return { document };
    const spill = spillKeyOf(write, document);
    await bucket.put(spill, document);
    return { spill };
  };

  async function* query(
    pk: string,
    wanted: string | KeyRange,
    { newestFirst = false, limit }: { newestFirst?: boolean; limit?: number } = {},
  ) {
    let from: Item | undefined;
    let left = limit ?? Number.POSITIVE_INFINITY;
    do {
      const { condition, names, values } = conditionOf(pk, wanted);
      const page = await calling(`query ${pk} ${Object.values(values).slice(1).join(" ")}`, () =>
        client.send(
          new QueryCommand({
            TableName: name,
            ConsistentRead: true,
            KeyConditionExpression: condition,
            ExpressionAttributeNames: names,
            ExpressionAttributeValues: values,
            ScanIndexForward: !newestFirst,
            ExclusiveStartKey: from,
            Limit: limit,
          }),
        ),
      );
      for (const item of page.Items ?? []) {
        if (left-- <= 0) return;
        yield await rowOf(item);
      }
      from = page.LastEvaluatedKey;
    } while (from !== undefined && left > 0);
  }

  return {
    query,

    async all(pk, prefix) {
      const rows: Row[] = [];
      for await (const row of query(pk, prefix)) rows.push(row);
      return rows;
    },

    async put(write) {
      const { pk, sk, attributes, condition, expiresAt } = write;
      const token = randomUUID();
      const content = await inlineOrSpilled(write);
      const item: Item = {
        pk,
        sk,
        ...attributes,
        ...content,
        token,
        ...(expiresAt === undefined ? {} : { ttl: expiresAt }),
      };
      // Objects of rows that expire go by the bucket's lifecycle; those of rows that stay go when they are replaced.
      const ReturnValues = expiresAt === undefined ? "ALL_OLD" : "NONE";
      const command = new PutCommand({ TableName: name, Item: item, ReturnValues, ...expressionOf(condition) });
      try {
        const { Attributes: old } = await client.send(command);
        if (typeof old?.spill === "string" && old.spill !== content.spill) await bucket.delete(old.spill);
        return true;
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw faultOf(error, `write ${pk} ${sk}`);
        // The SDK may have sent it twice, the first answer being lost: then it is our own write that stands in the way.
        if ((error.$metadata.attempts ?? 1) === 1) return false;
        return (await fetchItem(write))?.token === token;
      }
    },

    async get(key) {
      const item = await fetchItem(key);
      return item === undefined ? undefined : rowOf(item);
    },

    async delete({ pk, sk }, condition) {
      try {
        const command = new DeleteCommand({
          TableName: name,
          Key: { pk, sk },
          ReturnValues: "ALL_OLD",
          ...expressionOf(condition),
        });
        const { Attributes: old } = await client.send(command);
        if (typeof old?.spill === "string") await bucket.delete(old.spill);
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw faultOf(error, `delete ${pk} ${sk}`);
      }
    },
  };
};

const conditionOf = (pk: string, wanted: string | KeyRange) => {
  if (wanted === "") return { condition: "#pk = :pk", names: { "#pk": "pk" }, values: { ":pk": pk } };
  const names = { "#pk": "pk", "#sk": "sk" };
  if (typeof wanted === "string")
    return { condition: "#pk = :pk AND begins_with(#sk, :prefix)", names, values: { ":pk": pk, ":prefix": wanted } };
  const values = { ":pk": pk, ":first": wanted.first, ":last": wanted.last };
  return { condition: "#pk = :pk AND #sk BETWEEN :first AND :last", names, values };
};

// By content, so that a reader of the old row never gets the bytes of the new one; `expiring` has a lifecycle rule.
const spillKeyOf = ({ pk, sk, expiresAt }: Write, document: Uint8Array): string =>
  objectKeyOf("spill", expiresAt === undefined ? "kept" : "expiring", hash(`${pk}\n${sk}`), hash(document));

const hash = (data: string | Uint8Array): string => createHash("sha256").update(data).digest("hex").slice(0, 32);

const expressionOf = (condition: Condition | undefined) => {
  if (condition === undefined) return {};
  const names = [...condition.expression.matchAll(/#(\w+)/g)].map(([written, attribute]) => [written, attribute]);
  const values = Object.entries(condition.values ?? {}).map(([value, held]) => [`:${value}`, held]);
  return {
    ConditionExpression: condition.expression,
    ExpressionAttributeNames: Object.fromEntries(names),
    ...(values.length === 0 ? {} : { ExpressionAttributeValues: Object.fromEntries(values) }),
  };
};
