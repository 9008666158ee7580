import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { makeCertificate } from "../../bench/tee/certificate.ts";
import { cleanUp, startGuard } from "./harness.ts";

const folder = mkdtempSync(join(tmpdir(), "shadowgraph-test-"));
const certificate = makeCertificate(folder);
if (certificate === undefined) console.warn("skipped: a certificate needs openssl");

afterAll(async () => {
  await cleanUp();
  rmSync(folder, { recursive: true });
});

(certificate === undefined ? test.skip : test)(
  "the guard speaks TLS to a collaborator whose certificate is trusted, and not at all to another",
  async () => {
    const [cert, key] = [certificate!.file, certificate!.keyFile].map((file) => readFileSync(file, "utf8"));
    const payments = createServer({ cert, key }, (request, response) =>
      response.end(`by TLS ${request.method} ${request.url}`),
    );
    await new Promise<void>((done) => payments.listen(0, "127.0.0.1", done));
    const url = `https://127.0.0.1:${(payments.address() as AddressInfo).port}`;
    const { at, counts } = await startGuard({ payments: { url, port: 0 } });
    expect(await (await fetch(`${at.payments}/a`)).json()).toMatchObject({ code: "guard-unreachable" });
    const trusted = getCACertificates("default");
    setDefaultCACertificates([...trusted, cert!]);
    try {
      const again = await startGuard({ payments: { url, port: 0 } });
      expect(await (await fetch(`${again.at.payments}/a`)).text()).toBe("by TLS GET /a");
      expect((await fetch(`${again.at.payments}/a`, { method: "POST" })).status).toBe(403);
    } finally {
      setDefaultCACertificates(trusted);
    }
    expect(counts("payments").reasons).toEqual({ unreachable: 1 });
    payments.close();
    payments.closeAllConnections();
  },
);
