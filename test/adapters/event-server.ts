import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

// PutEvents in its own protocol, so that the SDK's client is tested too.

interface Entry {
  readonly EventBusName: string;
  readonly Source: string;
  readonly DetailType: string;
  readonly Detail: string;
  /** Seconds since 1970. */
  readonly Time: number;
}

export const startEventBus = async () => {
  const entries: Entry[] = [];
  /** Answered once each, before anything else: `call` refuses the call, `entry` the entry alone. */
  const failures: { readonly of: "call" | "entry"; readonly code: string }[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const failure = failures.shift();
    const answer = (status: number, body: object) =>
      response.writeHead(status, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify(body));
    if (request.headers["x-amz-target"] !== "AWSEvents.PutEvents")
      return answer(400, { __type: "UnknownOperationException" });
    if (failure?.of === "call") return answer(400, { __type: failure.code, message: "refused" });
    const { Entries } = JSON.parse(Buffer.concat(chunks).toString()) as { Entries: Entry[] };
    if (failure?.of === "entry")
      return answer(200, { FailedEntryCount: 1, Entries: [{ ErrorCode: failure.code, ErrorMessage: "try later" }] });
    entries.push(...Entries);
    return answer(200, { FailedEntryCount: 0, Entries: Entries.map((_, index) => ({ EventId: `e-${index}` })) });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    entries,
    failures,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
};
