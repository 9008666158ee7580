import { type AttributeValue, GetItemCommand, PutItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";
import { FakeTable } from "../../../bench/cost/cloud/table.ts";
import { type Item, itemBytes, readUnits, sqsRequests, writeUnits } from "../../../bench/cost/units.ts";
import { type AwsStack, startStack } from "../../adapters/aws-stack.ts";

test.each([
  [0, 1],
  [1, 1],
  [65_536, 1],
  [65_537, 2],
  [1_048_576, 16],
])("a call of SQS with %i bytes is billed as %i", (bytes, requests) => expect(sqsRequests(bytes)).toBe(requests));

test.each([
  [1, 0, 1],
  [1_024, 0, 1],
  [1_025, 0, 2],
  [100, 5_000, 5],
  [0, 0, 1],
])("a put of %i bytes over %i takes %i WRU", (bytes, replaced, units) =>
  expect(writeUnits(bytes, replaced)).toBe(units),
);

test.each([
  [0, 1],
  [4_096, 1],
  [4_097, 2],
  [1_048_576, 256],
])("a consistent read of %i bytes takes %i RRU", (bytes, units) => expect(readUnits(bytes)).toBe(units));

test("an item is its names and its values", () => {
  expect(itemBytes({ pk: { S: "ä" }, n: { N: "1767225600" }, document: { B: "AAAA" } })).toBe(4 + (1 + 5) + (8 + 3));
});

describe("capacity is what DynamoDB's emulator says", () => {
  let stack: AwsStack;
  beforeAll(async () => {
    stack = await startStack();
  });
  afterAll(() => stack.stop());

  const itemOf = (sk: string, bytes: number): Item => ({
    pk: { S: "CAPACITY" },
    sk: { S: sk },
    document: { B: Buffer.alloc(bytes, 7).toString("base64") },
  });
  const sdkOf = ({ pk, sk, document }: Item): Record<string, AttributeValue> => ({
    pk: { S: pk!.S! },
    sk: { S: sk!.S! },
    document: { B: Buffer.from(document!.B!, "base64") },
  });

  test("of puts, of replacing, of reads and of queries", async () => {
    const { dynamodb } = stack.clients;
    const fake = new FakeTable();
    const TableName = stack.env.TABLE_NAME;
    const ReturnConsumedCapacity = "TOTAL";
    for (const [sk, bytes] of [
      ["a", 10],
      ["b", 996],
      ["c", 1_024],
      ["d", 3_000],
      ["d", 20],
      ["e", 9_000],
    ] as const) {
      const item = itemOf(sk, bytes);
      const put = await dynamodb.send(new PutItemCommand({ TableName, Item: sdkOf(item), ReturnConsumedCapacity }));
      expect([sk, bytes, fake.answer("PutItem", { Item: item }).units]).toEqual([
        sk,
        bytes,
        put.ConsumedCapacity?.CapacityUnits,
      ]);
    }
    for (const sk of ["a", "d", "e", "none"]) {
      const Key = { pk: { S: "CAPACITY" }, sk: { S: sk } };
      const got = await dynamodb.send(
        new GetItemCommand({ TableName, Key, ConsistentRead: true, ReturnConsumedCapacity }),
      );
      expect(fake.answer("GetItem", { Key }).units).toBe(got.ConsumedCapacity?.CapacityUnits);
    }
    for (const prefix of ["a", "e", ""]) {
      const values = { ":pk": { S: "CAPACITY" }, ...(prefix === "" ? {} : { ":prefix": { S: prefix } }) };
      const found = await dynamodb.send(
        new QueryCommand({
          TableName,
          ConsistentRead: true,
          KeyConditionExpression: prefix === "" ? "pk = :pk" : "pk = :pk AND begins_with(sk, :prefix)",
          ExpressionAttributeValues: values,
          ReturnConsumedCapacity,
        }),
      );
      expect(fake.answer("Query", { ExpressionAttributeValues: values }).units).toBe(
        found.ConsumedCapacity?.CapacityUnits,
      );
    }
  });
});
