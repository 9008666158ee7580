import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type LocalOptions, startLocal } from "../../local/system.ts";

// A local system of its own with two services behind it, for system.test.ts: the candidate says another price.
const serve = async (price: number): Promise<string> => {
  const server = createServer((request, answer) => {
    answer.setHeader("content-type", "application/json");
    answer.end(JSON.stringify({ path: request.url, price }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const main = async () => {
  const given = JSON.parse(process.argv[2]!) as Partial<LocalOptions> & { dataDir: string };
  const [primary, candidate] = [given.primary ?? (await serve(10)), given.candidate ?? (await serve(11))];
  const lines: string[] = [];
  const log = (line: string) => void lines.push(line);
  const system = await startLocal({ primary, candidate, port: 0, apiPort: 0, log, ...given });
  process.on("message", async (command) => {
    if (command === "pids") return process.send!({ pids: system.pids() });
    await system.drain();
    process.send!({ drained: true, lines }, () => process.exit(0));
  });
  process.on("disconnect", () => process.exit(1));
  const { teeUrl, apiUrl, cloudUrl, overlay } = system;
  process.send!({ teeUrl, apiUrl, cloudUrl, overlay, primary, candidate });
};

main().catch((fault) => process.send!({ fault: { code: fault.code, message: fault.message } }, () => process.exit(1)));
