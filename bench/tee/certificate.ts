import { spawnSync } from "node:child_process";
import { join } from "node:path";

/** Signs itself, so that whoever verifies it trusts it by name. */
export interface Certificate {
  readonly file: string;
  readonly keyFile: string;
}

/** For those that look at a name; the others look at the address. */
export const CERTIFIED_NAME = "bench.example";

/** For 127.0.0.1, for two days. Undefined without openssl. @throws what openssl says */
export const makeCertificate = (folder: string): Certificate | undefined => {
  const made: Certificate = { file: join(folder, "certificate.pem"), keyFile: join(folder, "key.pem") };
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", made.keyFile];
  const names = ["-subj", `/CN=${CERTIFIED_NAME}`, "-addext", `subjectAltName=DNS:${CERTIFIED_NAME},IP:127.0.0.1`];
  const args = ["req", "-x509", "-days", "2", "-out", made.file, ...key, ...names];
  const { error, status, stderr } = spawnSync("openssl", args, { encoding: "utf8" });
  if (error !== undefined) return undefined;
  if (status !== 0) throw new Error(`openssl makes no certificate: ${stderr.trim()}`);
  return made;
};
