import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ResendTask } from "../../../adapters/resender.ts";
import { LaneTarget } from "../../../core/sampling/plan.ts";
import { BaselineRedaction } from "../../../core/sampling/redaction.ts";
import { decodeSegment } from "../../../core/segment/codec.ts";
import { resend } from "../../../lambdas/resend/resend.ts";

const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) server.close();
});

interface Seen {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly string[];
  readonly body: string;
}

const service = async (answer: (seen: Seen, response: ServerResponse) => void) => {
  const seen: Seen[] = [];
  const listen = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = "", url: target = "", rawHeaders: headers } = request;
    const one = { method, target, headers, body: Buffer.concat(chunks).toString() };
    seen.push(one);
    answer(one, response);
  };
  const server = createServer((request, response) => void listen(request, response));
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return { seen, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
};

const text =
  (body: string, type = "application/json") =>
  (_: Seen, response: ServerResponse) =>
    void response.writeHead(200, { "content-type": type }).end(body);

type Asked = Partial<ResendTask["requests"][number]>;
const task = (candidate: string, control: string, requests: readonly Asked[], over: Partial<ResendTask> = {}) =>
  ResendTask.parse({
    candidate: LaneTarget.parse({ url: candidate, setHeaders: { "x-lane-key": "k" } }),
    control: LaneTarget.parse({ url: control }),
    requests: requests.map((request, index) => ({
      id: `r${index}`,
      afterMs: 0,
      method: "GET",
      target: "/a?b=1",
      headers: [],
      body: "",
      ...request,
    })),
    hidden: [],
    keepsEqual: false,
    ...over,
  });

const pairsIn = (segment: string) => decodeSegment(Buffer.from(segment, "base64")).pairs;

test("the candidate is asked once and the control twice, as a mirror would ask them", async () => {
  const [candidate, control] = [await service(text('{"a":1}')), await service(text('{"a":2}'))];
  const headers: [string, string][] = [
    ["Host", "shop.example"],
    ["X-Two", "1"],
    ["X-Two", "2"],
    ["Content-Length", "999"],
    ["Content-Encoding", "gzip"],
  ];
  const body = Buffer.from('{"q":1}').toString("base64");
  const { segment, unanswered } = await resend(
    task(candidate.url, control.url, [{ method: "POST", target: "/a/../b?c=%2F", headers, body }]),
  );
  expect(unanswered).toEqual([]);
  expect([candidate.seen.length, control.seen.length]).toEqual([1, 2]);
  const [seen] = candidate.seen;
  expect(seen).toMatchObject({ method: "POST", target: "/a/../b?c=%2F", body: '{"q":1}' });
  const fields = seen!.headers.map((part) => part.toLowerCase()).join(" ");
  expect(fields).toContain(`host ${new URL(candidate.url).host}`);
  expect(fields).toContain("x-two 1 x-two 2");
  expect(fields).toContain("x-lane-key k");
  expect(fields).toContain("x-shadowgraph-lane candidate");
  expect(fields).not.toContain("x-shadowgraph-signature");
  expect(fields).toContain("content-length 7");
  expect(fields).not.toContain("gzip");
  expect(control.seen[0]!.headers.join(" ").toLowerCase()).toContain("x-shadowgraph-lane secondary");
  const [pair] = pairsIn(segment);
  expect(pair).toMatchObject({
    id: "r0",
    primary: { status: 200 },
    candidate: { status: 200 },
    secondary: { status: 200 },
  });
});

test("what was filled in is not in what comes back, whatever a service calls it", async () => {
  const echo = await service(({ headers }, response) => {
    const got = headers[headers.indexOf("Authorization") + 1]!;
    response.writeHead(200, { "content-type": "application/json", "x-echo": got });
    response.end(JSON.stringify({ innocent: got, part: `<${got.slice(7)}>`, url: encodeURIComponent(got) }));
  });
  const secret = 'Bearer s3cr"et/value';
  const { segment } = await resend(
    task(echo.url, (await service(text("{}"))).url, [{ headers: [["Authorization", secret]] }], { hidden: [secret] }),
  );
  const [pair] = pairsIn(segment);
  const { candidate } = pair!;
  const content = candidate.outcome === "responded" && candidate.body.kind === "content" ? candidate.body.content : "";
  const told = `${JSON.stringify(pair)} ${Buffer.from(content)}`;
  expect(told).toContain("innocent");
  expect(told).not.toMatch(/s3cr/);
});

test("what is declared secret is hidden as in the tee: in answers, targets and endpoints", async () => {
  const [a, b] = [await service(text('{"plate":"B-XY 12"}')), await service(text('{"plate":"B-XY 34"}'))];
  const redact = BaselineRedaction.parse({ names: ["plate"], paths: ["/reset/{token}"] });
  const { segment } = await resend(task(a.url, b.url, [{ target: "/reset/hunter" }], { redact }));
  const [pair] = pairsIn(segment);
  expect(pair).toMatchObject({
    endpoint: "GET /reset/{id}",
    request: { target: expect.stringMatching(/^\/reset\/~r:s:/) },
  });
  const { primary } = pair!;
  expect(primary.body.kind === "content" ? Buffer.from(primary.body.content).toString() : "").toMatch(
    /^\{"plate":"~r:s:/,
  );
});

test("equal answers are kept where they are wanted, with what is not compared left aside as always", async () => {
  const [a, b] = [await service(text('{"a":1}')), await service(text('{"a":1}'))];
  const stubs = pairsIn((await resend(task(a.url, b.url, [{}]))).segment);
  expect(stubs[0]?.primary.body.kind).toBe("equal");
  const [kept] = pairsIn((await resend(task(a.url, b.url, [{}], { keepsEqual: true }))).segment);
  const { primary, candidate } = kept!;
  for (const lane of [primary, candidate]) {
    if (lane.outcome === "failed" || lane.body.kind === "equal") throw new Error("nothing was kept");
    expect(Buffer.from(lane.body.content).toString()).toBe('{"a":1}');
    expect(JSON.stringify(lane.headers)).toContain("content-type");
    expect(JSON.stringify(lane.headers)).not.toMatch(/date/i);
  }
});

test("a candidate that fails is data; a control that fails, or an answer too large, is no pair", async () => {
  const gone = await service(text("{}"));
  await new Promise((done) => servers[servers.length - 1]!.close(done));
  const fine = await service(
    ({ target }, response) => void response.end(target === "/big" ? Buffer.alloc(1_100_000) : "x"),
  );
  const failed = await resend(task(gone.url, fine.url, [{}]));
  expect(pairsIn(failed.segment)[0]?.candidate).toMatchObject({ outcome: "failed", reason: "refused" });
  expect((await resend(task(fine.url, gone.url, [{}]))).unanswered).toEqual([{ id: "r0", because: "refused" }]);
  expect((await resend(task(fine.url, fine.url, [{ target: "/big" }]))).unanswered).toEqual([
    { id: "r0", because: "tooLarge" },
  ]);
  const reset = await service((_, response) => void response.destroy());
  const broken = await resend(task(reset.url, fine.url, [{}, { target: "/a b" }]));
  expect(pairsIn(broken.segment).map(({ candidate }) => candidate)).toMatchObject([{ reason: "reset" }]);
  expect(broken.unanswered).toEqual([{ id: "r1", because: "invalid" }]);
});

test("with the tees' key the marks are signed as theirs; each copy has an id of its own", async () => {
  const [candidate, control] = [await service(text("{}")), await service(text("{}"))];
  await resend(task(candidate.url, control.url, [{ method: "POST" }, {}]), "k".repeat(32));
  const all = [...candidate.seen, ...control.seen].map(({ headers }) => headers);
  const fieldOf = (headers: readonly string[], name: string) => headers[headers.indexOf(name) + 1]!;
  const ids = all.map((headers) => fieldOf(headers, "x-shadowgraph-request-id"));
  expect(new Set(ids).size).toBe(6);
  for (const id of ids) expect(id).toMatch(/^resend-[0-9a-f]{12}-\d$/);
  for (const headers of all) expect(fieldOf(headers, "x-shadowgraph-signature")).toMatch(/^v1\.[rw]\.\d+\.[\w-]{43}$/);
});

test("answers of every sort come back, whole or as a failure; none is waited for for ever", async () => {
  const odd = await service(({ target }, response) => {
    const socket = response.socket!;
    if (target === "/upgrade")
      return void socket.end("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n");
    if (target === "/cut") return void socket.end("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
    if (target === "/nonsense") return void socket.end("nonsense\r\n\r\n");
    if (target === "/early")
      return void socket.end("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    if (target === "/none") return void response.writeHead(204).end();
    response.writeHead(200, { "set-cookie": ["a=1", "b=2"] }).end("x".repeat(300_000));
  });
  const fine = await service(text("{}"));
  const targets = ["/upgrade", "/cut", "/nonsense", "/early", "/none", "/large"];
  const { segment } = await resend(
    task(
      odd.url,
      fine.url,
      targets.map((target) => ({ target })),
    ),
  );
  const told = pairsIn(segment).map(({ candidate }) =>
    candidate.outcome === "failed" ? candidate.reason : candidate.status,
  );
  expect(told).toEqual(["reset", "reset", "invalid", 200, 204, 200]);
});
