import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { answerTo } from "../../../lambdas/bypass/answer.ts";
import { OpeningRequest } from "../../../lambdas/bypass/events.ts";

const asked: { request: IncomingMessage; body: string }[] = [];
let status = 200;
const server = createServer(async (request, response) => {
  let body = "";
  for await (const chunk of request) body += chunk;
  asked.push({ request, body });
  response.writeHead(status).end();
});
beforeAll(async () => void (await once(server.listen(0, "127.0.0.1"), "listening")));
afterAll(() => void server.close());

const request = () =>
  OpeningRequest.parse({
    RequestType: "Create",
    ResourceType: "Custom::TeeOpening",
    ResponseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/answer?X-Amz-Signature=1%2F2`,
    StackId: "stack",
    RequestId: "request",
    LogicalResourceId: "Opening",
    ResourceProperties: { ServiceToken: "x", ServiceTimeout: "180" },
  });

test("an answer is put to the signed address as it is, without a content type", async () => {
  await answerTo(request(), { Status: "SUCCESS", PhysicalResourceId: "id" });
  const [{ request: got, body } = {} as never] = asked;
  expect([got.method, got.url, got.headers["content-type"]]).toEqual(["PUT", "/answer?X-Amz-Signature=1%2F2", ""]);
  expect(JSON.parse(body)).toEqual({
    Status: "SUCCESS",
    PhysicalResourceId: "id",
    StackId: "stack",
    RequestId: "request",
    LogicalResourceId: "Opening",
  });
});

test("an answer that is not taken is a fault, so that it is told", async () => {
  status = 403;
  await expect(answerTo(request(), { Status: "SUCCESS", PhysicalResourceId: "id" })).rejects.toThrow("403");
});
