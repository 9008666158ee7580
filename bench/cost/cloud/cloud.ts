import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { AdaptersEnv, parseEnv } from "../../../adapters/env.ts";
import { type Clients, createPorts } from "../../../adapters/ports-of.ts";
import { sqsRequests } from "../units.ts";
import { Latencies } from "./latency.ts";
import { Meter, type Operation } from "./meter.ts";
import { FakeTable } from "./table.ts";

interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

interface HttpResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export interface Message {
  readonly id: string;
  readonly body: string;
}

/** One table, one bucket and two queues in memory, behind the real clients of the SDK: what they send is what is counted. */
export interface Cloud {
  readonly meter: Meter;
  readonly latencies: Latencies;
  readonly env: AdaptersEnv;
  readonly ports: ReturnType<typeof createPorts>;
  /** Takes all messages that were sent. */
  receive(queue: "segments" | "judge"): readonly Message[];
  close(): void;
}

const QUEUES = "https://sqs.us-east-1.amazonaws.com/123456789012";

/** @param now of the adapters; milliseconds since 1970 */
export const createCloud = (now: () => number): Cloud => {
  const meter = new Meter();
  const latencies = new Latencies();
  const table = new FakeTable();
  const objects = new Map<string, Buffer>();
  const queues = new Map<string, Message[]>();

  const toDynamodb = (operation: string, request: HttpRequest): HttpResponse => {
    const parsed = JSON.parse(textOf(request.body));
    const { status, body, units, refused = 0, itemBytes = 0 } = table.answer(operation, parsed);
    const pk: string = (parsed.Item ?? parsed.Key)?.pk?.S ?? parsed.ExpressionAttributeValues?.[":pk"]?.S ?? "";
    const answer = Buffer.from(JSON.stringify(body));
    const bytes = { requestBytes: bytesOf(request), responseBytes: answer.length };
    meter.count(`dynamodb.${operation}` as Operation, pk.split("#")[0], { units, refused, itemBytes, ...bytes });
    return { statusCode: status, headers: { "content-type": "application/x-amz-json-1.0" }, body: answer };
  };

  const toSqs = (request: HttpRequest): HttpResponse => {
    const { QueueUrl, MessageBody } = JSON.parse(textOf(request.body));
    const queue = QueueUrl.endsWith("judge") ? "judge" : "segments";
    const messages = queues.get(queue) ?? [];
    queues.set(queue, messages);
    const id = `${queue}-${messages.length}`;
    messages.push({ id, body: MessageBody });
    const MD5OfMessageBody = createHash("md5").update(MessageBody).digest("hex");
    const answer = Buffer.from(JSON.stringify({ MessageId: id, MD5OfMessageBody }));
    // Billed by the payload alone.
    const requestBytes = Buffer.byteLength(MessageBody);
    const units = sqsRequests(requestBytes);
    meter.count("sqs.SendMessage", queue, { units, requestBytes, responseBytes: answer.length });
    return { statusCode: 200, headers: { "content-type": "application/x-amz-json-1.0" }, body: answer };
  };

  const toS3 = (request: HttpRequest): HttpResponse => {
    const folder = request.path.split("/")[2];
    const requestBytes = bytesOf(request);
    if (request.method === "PUT") {
      objects.set(request.path, Buffer.from(request.body as Uint8Array));
      meter.count("s3.PutObject", folder, { units: 1, requestBytes });
      return { statusCode: 200, headers: {}, body: Buffer.alloc(0) };
    }
    if (request.method === "DELETE") {
      objects.delete(request.path);
      meter.count("s3.DeleteObject", folder, { requestBytes });
      return { statusCode: 204, headers: {}, body: Buffer.alloc(0) };
    }
    const object = objects.get(request.path);
    meter.count("s3.GetObject", folder, { units: 1, requestBytes, responseBytes: object?.length ?? 0 });
    if (object === undefined) return { statusCode: 404, headers: {}, body: Buffer.from(NO_SUCH_KEY) };
    return { statusCode: 200, headers: { "content-length": String(object.length) }, body: Readable.from([object]) };
  };

  const handle = async (
    service: "dynamodb" | "sqs" | "s3",
    request: HttpRequest,
  ): Promise<{ response: HttpResponse }> => {
    const target = request.headers["x-amz-target"] ?? request.headers["X-Amz-Target"] ?? "";
    const operation = target.split(".").at(-1)!;
    const response =
      service === "s3" ? toS3(request) : service === "sqs" ? toSqs(request) : toDynamodb(operation, request);
    const answered =
      response.body instanceof Readable ? Number(response.headers["content-length"]) : sizeOf(response.body);
    await latencies.wait(service, bytesOf(request) + answered);
    return { response };
  };

  const clients = clientsOf(handle);
  const env = parseEnv(AdaptersEnv, {
    TABLE_NAME: "shadowgraph-facts",
    BUCKET_NAME: "shadowgraph-archive",
    SEGMENT_QUEUE_URL: `${QUEUES}/segments`,
    JUDGE_QUEUE_URL: `${QUEUES}/judge`,
  });
  return {
    meter,
    latencies,
    env,
    ports: createPorts(env, clients, now),
    receive(queue) {
      const messages = queues.get(queue) ?? [];
      queues.delete(queue);
      return messages;
    },
    close: () => Object.values(clients).forEach((client) => void client.destroy()),
  };
};

const NO_SUCH_KEY = "<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>";

// The SDK's bodies have string methods of their own, which warn.
const textOf = (body: unknown): string =>
  typeof body === "string" ? body : new TextDecoder().decode(body as Uint8Array);

const sizeOf = (body: unknown): number => {
  if (typeof body === "string") return Buffer.byteLength(body);
  return body instanceof Uint8Array ? body.length : 0;
};

/** The path, the headers and the body, as they would go out: without TLS and TCP. */
const bytesOf = ({ path, headers, body }: HttpRequest): number =>
  Object.entries(headers).reduce((sum, [name, value]) => sum + name.length + value.length + 4, path.length) +
  sizeOf(body);

type Handle = (service: "dynamodb" | "sqs" | "s3", request: HttpRequest) => Promise<{ response: HttpResponse }>;

const clientsOf = (handle: Handle): Clients => {
  const settings = { region: "us-east-1", credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" } };
  const handlerOf = (service: Parameters<Handle>[0]) =>
    ({
      handle: (request: HttpRequest) => handle(service, request),
      destroy: () => {},
      metadata: { handlerProtocol: "http/1.1" },
      updateHttpClientConfig: () => {},
      httpHandlerConfigs: () => ({}),
    }) as never;
  return {
    dynamodb: new DynamoDBClient({ ...settings, requestHandler: handlerOf("dynamodb") }),
    sqs: new SQSClient({ ...settings, requestHandler: handlerOf("sqs") }),
    s3: new S3Client({ ...settings, forcePathStyle: true, requestHandler: handlerOf("s3") }),
  };
};
