import { createServer } from "node:net";
import { unreachable } from "../../local/reach.ts";

test("lanes that take no connection are told with what follows; those that do, and words for no lane, are not", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const open = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  const closed = "http://127.0.0.1:1";
  expect(await unreachable({ primary: open, candidate: open, secondary: "baseline" })).toEqual([]);
  expect(await unreachable({ primary: closed, candidate: open, secondary: "none" })).toEqual([
    `the primary at ${closed} does not answer: callers get 502 until it is there`,
  ]);
  expect(await unreachable({ primary: open, candidate: closed, secondary: closed })).toHaveLength(2);
  server.close();
});
