import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { HeaderList } from "../../../core/capture/capture.ts";
import { createRedactor } from "../../../core/capture/redact.ts";
import type { StoredPair } from "../../../core/segment/segment.ts";
import { findingId } from "../../../core/verdict/findings.ts";
import type { Finding } from "../../../core/verdict/verdict.ts";
import type { ApiDeps } from "../../../lambdas/api/deps.ts";
import { answer } from "../../core/diff/captures.ts";
import { segmentOf } from "../../core/noise/segments.ts";
import { apiUnderTest, type Loose, SHOP } from "./api-under-test.ts";
import { finding } from "./judgements.ts";

const servers: Server[] = [];
export const closeLanes = (): void => {
  for (const server of servers.splice(0)) server.close();
};
const serve = async (listener: RequestListener): Promise<string> => {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};
/** What a lane answers by target; anything else is 404. */
type Answers = Record<string, Loose>;
export const lane = (answers: Answers, seen: string[] = []): Promise<string> =>
  serve((request, response) => {
    seen.push(`${request.method} ${request.url} ${request.headers.authorization ?? ""}`.trim());
    const body = answers[request.url ?? ""];
    response.writeHead(body === undefined ? 404 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(body ?? { error: "none" }));
  });

export const ENDPOINT = "GET /orders/{id}";
const redactor = createRedactor(new Uint8Array(32));
const json = (body: Loose) => answer({ headers: [["content-type", "application/json"]], body: JSON.stringify(body) });

export interface Given {
  readonly target: string;
  readonly primary: Loose;
  readonly candidate: Loose;
  readonly method?: string;
  readonly headers?: HeaderList;
  readonly cut?: boolean;
  /** Milliseconds after the first; its place in the list where left out. */
  readonly at?: number;
}
const pair = (
  { target, primary, candidate, method = "GET", headers = [], cut = false, at }: Given,
  i: number,
): StoredPair => ({
  id: `t-1-${i}`,
  at: 1_700_000_000_000 + (at ?? i),
  endpoint: `${method} /orders/{id}`,
  cluster: "00000001",
  request: { method, target, headers: redactor.headers(headers), body: { content: new Uint8Array(), bytes: 0, cut } },
  primary: json(primary),
  candidate: json(candidate),
  secondary: json(primary),
});

export const found = (place: string, kind: Finding["kind"], over: Partial<Finding> = {}) => {
  const endpoint = over.endpoint ?? ENDPOINT;
  return finding(place, { id: findingId(endpoint, place, kind), kind, count: 400, endpoint, ...over });
};
export const REMOVED = found("body/limit", "removed");
export const VALUE = found("body/rate", "value");

const overlayOf = (candidate: string, control: string | undefined, { probe, ...over }: Loose = {}) => ({
  name: "checkout",
  services: {
    web: {
      url: candidate,
      ...(control === undefined ? {} : { secondary: { url: control } }),
      ...(probe === undefined ? {} : { probe }),
    },
  },
  ...over,
});

/** With one overlay whose run has these pairs and findings. */
export const scene = async (
  lanes: Loose,
  pairs: readonly Given[],
  findings: readonly Finding[] = [REMOVED, VALUE],
  deps: Partial<ApiDeps> = {},
) => {
  const api = apiUnderTest({ now: Date.now, ...deps });
  await api.call("POST", "/baselines", {
    file: { ...SHOP, services: { web: { url: lanes.primary ?? "http://127.0.0.1:1" } } },
  });
  const { candidate, control, ...file } = lanes;
  const { primary: _, ...over } = file;
  const made = await api.call("POST", "/overlays", { baseline: "shop", file: overlayOf(candidate, control, over) });
  expect(made.status).toBe(201);
  const segment = segmentOf(pairs.map(pair), { env: made.body.id, run: made.body.run.id });
  await api.ports.archive.put([{ segment, bytes: new Uint8Array() }]);
  api.scene = { findings };
  return api;
};

export const whole = { limit: 5, rate: 0.0825 };
export const changed = { rate: 0.083 };
export const one: Given = { target: "/orders/1", primary: whole, candidate: changed };
