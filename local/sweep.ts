import { BatchWriteItemCommand, type DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import type { Bucket } from "../adapters/bucket.ts";

/** A call of BatchWriteItem takes no more. */
const maxDeletesPerCall = 25;

/** How long objects under a prefix are kept; on AWS these are lifecycle rules of the bucket. */
const OBJECT_DAYS: Readonly<Record<string, number>> = { "claims/": 15, "spill/expiring/": 15, "archive/": 30 };

/** What DynamoDB's TTL and S3's lifecycle rules do on AWS: removes what has expired. `now` is milliseconds since 1970. */
export const sweep = async (dynamodb: DynamoDBClient, table: string, bucket: Bucket, now: number): Promise<void> => {
  await sweepTable(dynamodb, table, Math.floor(now / 1_000));
  for (const [prefix, days] of Object.entries(OBJECT_DAYS)) {
    for await (const { key, modifiedAt } of bucket.list(prefix)) {
      if (modifiedAt < now - days * 86_400_000) await bucket.delete(key);
    }
  }
};

const sweepTable = async (dynamodb: DynamoDBClient, table: string, nowSeconds: number): Promise<void> => {
  let from: Parameters<typeof scan>[2];
  do {
    const page = await scan(dynamodb, table, from, nowSeconds);
    const expired = page.Items ?? [];
    for (let at = 0; at < expired.length; at += maxDeletesPerCall) {
      const requests = expired.slice(at, at + maxDeletesPerCall).map((Key) => ({ DeleteRequest: { Key } }));
      await dynamodb.send(new BatchWriteItemCommand({ RequestItems: { [table]: requests } }));
    }
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
};

const scan = (
  dynamodb: DynamoDBClient,
  table: string,
  from: ConstructorParameters<typeof ScanCommand>[0]["ExclusiveStartKey"],
  nowSeconds: number,
) =>
  dynamodb.send(
    new ScanCommand({
      TableName: table,
      ProjectionExpression: "#pk, #sk",
      FilterExpression: "#ttl < :now",
      ExpressionAttributeNames: { "#pk": "pk", "#sk": "sk", "#ttl": "ttl" },
      ExpressionAttributeValues: { ":now": { N: String(nowSeconds) } },
      ExclusiveStartKey: from,
    }),
  );
