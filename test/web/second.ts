import type { Shared } from "./system.ts";

/** An overlay beside `local`, with a history: two runs, rules, mirroring off. Made once. */
export const createSecond = async ({ url }: Shared): Promise<void> => {
  const send = async (method: string, path: string, body: object): Promise<void> => {
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`${url}${path}`, { method, headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`);
  };
  const file = { name: "second", version: "1.6.0", services: { app: { url: "http://127.0.0.1:9" } } };
  const { file: baseline } = (await (await fetch(`${url}/baselines/local-baseline`)).json()) as {
    file: { services: Record<string, unknown> };
  };
  const [service = "app"] = Object.keys(baseline.services);
  await send("POST", "/overlays", {
    baseline: "local-baseline",
    file: { ...file, services: { [service]: file.services.app } },
  });
  await send("PUT", "/environments/second/shadow", { enabled: false, percent: 5 });
  await send("PUT", "/environments/second/rules", {
    rules: [{ endpoint: "GET /items/{id}", ignore: "body/price", because: "<b>money</b> as text" }],
  });
  await send("PUT", "/environments/second/shadow", { enabled: false, newRun: true });
};
