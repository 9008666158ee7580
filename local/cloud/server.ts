import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname } from "node:path";
import { answer } from "./answer.ts";
import { type Cloud, type CloudState, emptyState } from "./state.ts";

/** ECS and Cloud Map on this machine alone. */
export interface LocalCloud {
  readonly url: string;
  /** For the program that deploys: the one namespace that is there, and a network by name only. */
  readonly place: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

const STEP_MS = 1_000;
const PAGE_SIZE = 100;
const NAMESPACE = { id: "ns-local", name: "overlays.local" };
/** Far more than any request of ours. */
const MAX_BODY_BYTES = 4_194_304;

/**
 * Answers as ECS and Cloud Map do, and starts nothing: services become ready because time passes. Images whose tag begins with
 * `missing`, `crash` or `nowhere` meet the fate that the word says, so that failures can be tried. What is known is kept in `file`.
 */
export const startCloud = async (file: string): Promise<LocalCloud> => {
  const state = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as CloudState) : emptyState();
  state.namespaces[NAMESPACE.id] = NAMESPACE;
  const cloud: Cloud = {
    state,
    now: Date.now,
    fateOf: (image) => FATES.find(([tag]) => image.includes(`:${tag}`))?.[1] ?? "runs",
    alarmsFor: (image) => image.includes(":alarm"),
    stepMs: STEP_MS,
    pageSize: PAGE_SIZE,
  };
  const server = createServer(async (request, response) => {
    const { status, body } = answer(String(request.headers["x-amz-target"]), await bodyOf(request), cloud);
    keep(file, state);
    response.writeHead(status, { "content-type": "application/x-amz-json-1.1" }).end(body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    place: {
      OVERLAY_NAMESPACE_ID: NAMESPACE.id,
      OVERLAY_NAMESPACE_NAME: NAMESPACE.name,
      OVERLAY_SUBNETS: "subnet-local",
      OVERLAY_SECURITY_GROUP: "sg-local",
      OVERLAY_TASK_ROLE: "arn:aws:iam::000000000000:role/overlays",
      GUARD_IMAGE_ARM64: "guard:local",
      GUARD_IMAGE_X86_64: "guard:local",
      GUARD_LOG_GROUP_ARN: "arn:aws:logs:us-east-1:000000000000:log-group:guards",
      DEPLOY_LOOK_SECONDS: "1",
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

const FATES = [
  ["missing", "cannotPull"],
  ["crash", "crashes"],
  ["nowhere", "noCapacity"],
] as const;

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
    if (bytes > MAX_BODY_BYTES) return "{}";
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString();
};

/** Whole or not at all. */
const keep = (file: string, state: CloudState): void => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, JSON.stringify(state));
  renameSync(`${file}.new`, file);
};
