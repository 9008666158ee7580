import { type AddressInfo, createServer, type Socket } from "node:net";
import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { createClients } from "../../adapters/ports-of.ts";

test("a call to a service that takes connections and never answers fails in time", async () => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => sockets.add(socket.on("error", () => {})));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: "none", secretAccessKey: "none" };
  const endpoints = { dynamodb: url, sqs: url, s3: url };
  const { dynamodb } = createClients({ region: "us-east-1", credentials, endpoints });
  const get = new GetItemCommand({ TableName: "t", Key: { pk: { S: "a" } } });
  try {
    await expect(dynamodb.send(get, { requestTimeout: 50 })).rejects.toMatchObject({ name: "TimeoutError" });
    expect(sockets.size).toBeGreaterThan(1);
  } finally {
    dynamodb.destroy();
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
});
