import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

// DescribeAlarms in its own protocol, so that the SDK's client is tested too.

interface StoredAlarm {
  readonly AlarmName: string;
  StateValue: string;
  ActionsEnabled: boolean;
  /** Seconds since 1970. */
  readonly StateTransitionedTimestamp?: number;
  readonly StateUpdatedTimestamp?: number;
}

interface Asked {
  readonly AlarmNames: readonly string[];
  readonly AlarmTypes?: readonly string[];
  readonly NextToken?: string;
}

/** One page of alarms holds so many. */
const PAGE = 2;

export const startAlarms = async () => {
  const alarms: StoredAlarm[] = [];
  const asked: Asked[] = [];
  /** Codes, answered once each before anything else. */
  const failures: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const answer = (status: number, body: object) =>
      response.writeHead(status, { "content-type": "application/x-amz-json-1.0" }).end(JSON.stringify(body));
    if (request.headers["x-amz-target"] !== "GraniteServiceVersion20100801.DescribeAlarms")
      return answer(400, { __type: "UnknownOperationException" });
    const body = JSON.parse(Buffer.concat(chunks).toString()) as Asked;
    asked.push(body);
    const failure = failures.shift();
    if (failure !== undefined) return answer(400, { __type: failure, message: "refused" });
    const found = alarms.filter(({ AlarmName }) => body.AlarmNames.includes(AlarmName));
    const from = Number(body.NextToken ?? 0);
    const isLast = from + PAGE >= found.length;
    return answer(200, {
      MetricAlarms: found.slice(from, from + PAGE),
      CompositeAlarms: [],
      ...(isLast ? {} : { NextToken: String(from + PAGE) }),
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    alarms,
    asked,
    failures,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
};
