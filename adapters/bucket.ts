import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { calling, isNamed } from "./fault.ts";

export interface StoredObject {
  readonly key: string;
  /** Milliseconds since 1970. */
  readonly modifiedAt: number;
}

/** The few verbs that we need of S3. */
export interface Bucket {
  put(key: string, bytes: Uint8Array): Promise<void>;
  get(key: string): Promise<Uint8Array | undefined>;
  /** In the order of the keys' UTF-8 bytes, page by page; from the first one behind `after` on. */
  list(prefix: string, after?: string): AsyncIterable<StoredObject>;
  /** Succeeds where nothing is. */
  delete(key: string): Promise<void>;
}

export const createBucket = (s3: S3Client, name: string): Bucket => ({
  async put(key, bytes) {
    await calling(`write object ${key}`, () => s3.send(new PutObjectCommand({ Bucket: name, Key: key, Body: bytes })));
  },

  get(key) {
    return calling(`read object ${key}`, async () => {
      try {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket: name, Key: key }));
        return await Body?.transformToByteArray();
      } catch (error) {
        if (isNamed(error, "NoSuchKey", "NotFound")) return undefined;
        throw error;
      }
    });
  },

  async *list(prefix, after) {
    let from: string | undefined;
    do {
      const page = await calling(`list objects ${prefix}`, () =>
        s3.send(new ListObjectsV2Command({ Bucket: name, Prefix: prefix, StartAfter: after, ContinuationToken: from })),
      );
      for (const { Key, LastModified } of page.Contents ?? []) {
        if (Key !== undefined) yield { key: Key, modifiedAt: LastModified?.getTime() ?? 0 };
      }
      from = page.IsTruncated ? page.NextContinuationToken : undefined;
    } while (from !== undefined);
  },

  async delete(key) {
    await calling(`delete object ${key}`, () => s3.send(new DeleteObjectCommand({ Bucket: name, Key: key })));
  },
});
