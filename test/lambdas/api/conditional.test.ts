import { type ApiUnderTest, apiWithOverlay } from "./api-under-test.ts";
import { finding } from "./judgements.ts";

const ask = (api: ApiUnderTest, path: string, ifNoneMatch?: string) =>
  api.app.request(path, { headers: ifNoneMatch === undefined ? {} : { "if-none-match": ifNoneMatch } });

test.each(["", "/verdict", "/diffs", "/rules", "/runs", "/audit", "/report?format=html"])(
  "GET /environments/{id}%s gives nothing twice to who names the ETag that it has",
  async (path) => {
    const api = await apiWithOverlay();
    const first = await ask(api, `/environments/checkout${path}`);
    const etag = first.headers.get("etag")!;
    expect(etag).toMatch(/^W\/"[\w-]{22}"$/);
    const again = await ask(api, `/environments/checkout${path}`, `"other", ${etag}`);
    expect([again.status, await again.text(), again.headers.get("etag")]).toEqual([304, "", etag]);
    expect(again.headers.get("cache-control")).toBe("no-store");
  },
);

test("what changed meanwhile is given whole, with another ETag", async () => {
  const api = await apiWithOverlay();
  const etag = (await ask(api, "/environments/checkout/diffs")).headers.get("etag")!;
  api.scene = { findings: [finding("body/a")] };
  const changed = await ask(api, "/environments/checkout/diffs", etag);
  expect(changed.status).toBe(200);
  expect(await changed.json()).toMatchObject({ total: 1 });
  expect(changed.headers.get("etag")).not.toBe(etag);
});

test("a refusal and a change have no ETag", async () => {
  const api = await apiWithOverlay();
  expect((await ask(api, "/environments/none/verdict")).headers.get("etag")).toBeNull();
  const body = JSON.stringify({ enabled: true });
  const put = await api.app.request("/environments/checkout/shadow", { method: "PUT", body });
  expect([put.status, put.headers.get("etag")]).toEqual([200, null]);
});
