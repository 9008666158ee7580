import type { Hono } from "hono";
import { NO_LOAD_BALANCER } from "../../../adapters/bypass.ts";
import type { Ports } from "../../../adapters/ports.ts";
import { VerdictSettings } from "../../../core/verdict/settings.ts";
import { createApi } from "../../../lambdas/api/app.ts";
import type { ApiDeps } from "../../../lambdas/api/deps.ts";
import { resend } from "../../../lambdas/resend/resend.ts";
import { judgementsOf, type Scene } from "./judgements.ts";
import { memoryPorts } from "./memory-ports.ts";

// biome-ignore lint/suspicious/noExplicitAny: an answer is whatever the test then says it is
export type Loose = any;

export interface ApiUnderTest {
  readonly app: Hono;
  readonly ports: Ports;
  readonly faults: unknown[];
  /** What the next readings find. */
  scene: Scene;
  now: number;
  call(method: string, path: string, body?: unknown): Promise<{ status: number; body: Loose; headers: Headers }>;
}

/** The API over memory, with a clock and ids that a test knows. */
export const apiUnderTest = (over: Partial<ApiDeps> = {}): ApiUnderTest => {
  const ports = over.ports ?? memoryPorts();
  const faults: unknown[] = [];
  let count = 0;
  const api: ApiUnderTest = {
    app: createApi({
      ports,
      now: () => api.now,
      newId: (prefix) => `${prefix}-${String(++count).padStart(6, "0")}`,
      settings: VerdictSettings.parse({}),
      allowSecurityGroups: [],
      who: (request) => request.headers.get("x-test-who") ?? "tester",
      bypass: NO_LOAD_BALANCER,
      resender: { signsAsTees: true, send: (task) => resend(task) },
      readJudgement: judgementsOf(() => api.scene),
      onFault: (error) => void faults.push(error),
      ...over,
    }),
    ports,
    faults,
    scene: {},
    now: 1_700_000_000_000,
    call: async (method, path, body) => {
      const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
      const response = await api.app.request(path, init);
      const text = await response.text();
      const isJson = response.headers.get("content-type")?.includes("json");
      return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
    },
  };
  return api;
};

export const SHOP = { name: "shop", version: "1.0.0", services: { web: { url: "http://localhost:3000" } } };
export const CHECKOUT = { name: "checkout", version: "2.0.0", services: { web: { url: "http://localhost:3001" } } };

/** With a baseline `shop` and an overlay `checkout` of it. */
export const apiWithOverlay = async (over: Partial<ApiDeps> = {}): Promise<ApiUnderTest> => {
  const api = apiUnderTest(over);
  await api.call("POST", "/baselines", { file: SHOP });
  await api.call("POST", "/overlays", { baseline: "shop", file: CHECKOUT });
  return api;
};
