import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { AdaptersEnv, parseEnv } from "../../adapters/env.ts";
import type { Ports, SegmentInbox } from "../../adapters/ports.ts";
import { type Clients, createClients, createPorts } from "../../adapters/ports-of.ts";

export interface AwsStack {
  /** For a child process. */
  readonly variables: Readonly<Record<string, string>>;
  readonly env: AdaptersEnv;
  readonly clients: Clients;
  readonly ports: Ports & { readonly inbox: SegmentInbox };
  readonly deadLetterQueueUrl: string;
  readonly dataDir: string;
  portsWith(env: Partial<AdaptersEnv>, now?: () => number): Ports & { readonly inbox: SegmentInbox };
  /** Ends the emulators; their data stay. */
  end(): Promise<void>;
  stop(): Promise<void>;
}

interface StackOptions {
  readonly dataDir?: string;
  readonly visibilitySeconds?: number;
  readonly maxReceiveCount?: number;
}

const childModule = fileURLToPath(new URL("./aws-child.ts", import.meta.url));

/** Table, bucket and queues of a test file, empty unless a folder is given. */
export const startStack = async (options: StackOptions = {}): Promise<AwsStack> => {
  const {
    dataDir = mkdtempSync(join(tmpdir(), "shadowgraph-test-")),
    visibilitySeconds = 2,
    maxReceiveCount = 3,
  } = options;
  const child = fork(childModule, [dataDir, String(visibilitySeconds), String(maxReceiveCount)], { execArgv: [] });
  const [message] = await once(child, "message");
  const { env: variables, deadLetterQueueUrl } = message as {
    env: Record<string, string>;
    deadLetterQueueUrl: string;
  };
  // A test that fails before it stops its stack must not keep jest alive; the child ends with its channel.
  child.unref();
  child.channel?.unref();
  const env = parseEnv(AdaptersEnv, variables);
  const clients = createClients({
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    endpoints: {
      dynamodb: variables.AWS_ENDPOINT_URL_DYNAMODB!,
      sqs: variables.AWS_ENDPOINT_URL_SQS!,
      s3: variables.AWS_ENDPOINT_URL_S3!,
    },
  });
  const end = async () => {
    for (const client of Object.values(clients)) client.destroy();
    if (child.exitCode !== null) return;
    const ended = once(child, "exit");
    child.ref();
    child.send("close");
    await ended;
  };
  return {
    variables,
    env,
    clients,
    ports: createPorts(env, clients),
    deadLetterQueueUrl,
    dataDir,
    portsWith: (changed, now) => createPorts({ ...env, ...changed }, clients, now),
    end,
    async stop() {
      await end();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
};
