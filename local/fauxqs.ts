type Fauxqs = typeof import("fauxqs");
type Stores = NonNullable<NonNullable<Parameters<Fauxqs["buildApp"]>[0]>["stores"]>;

/** SQS and S3 on this machine alone. */
export interface LocalQueuesAndBucket {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * fauxqs on 127.0.0.1: queues in memory, objects as files under `objectsFolder`.
 *
 * Its own `startFauxqs` listens on every interface, which would show the captures to the whole network; its `buildApp`
 * listens where it is told but exports no stores to give it. So the two stores and the file persistence are loaded by
 * their place in the package (pinned exactly). Queues stay in memory: their SQLite persistence fails on
 * ChangeMessageVisibility, and files for objects are independent of it.
 */
export const startFauxqs = async (objectsFolder: string): Promise<LocalQueuesAndBucket> => {
  const entry = import.meta.resolve("fauxqs");
  const part = (path: string) => import(new URL(path, entry).href);
  const [{ buildApp }, { SqsStore }, { SnsStore }, { S3Store }, { FileS3Persistence }] = await Promise.all([
    import("fauxqs"),
    part("./sqs/sqsStore.js"),
    part("./sns/snsStore.js"),
    part("./s3/s3Store.js"),
    part("./s3/fileS3Persistence.js"),
  ]);
  const s3Store = new S3Store();
  const files = new FileS3Persistence(objectsFolder);
  // Loaded before it is set, so that loading does not write every object anew.
  files.loadS3(s3Store);
  s3Store.persistence = files;
  const stores: Stores = { sqsStore: new SqsStore(), snsStore: new SnsStore(), s3Store };
  const app = buildApp({ logger: false, defaultRegion: "us-east-1", stores });
  const url = await app.listen({ host: "127.0.0.1", port: 0 });
  return {
    url,
    async close() {
      await app.close();
    },
  };
};
