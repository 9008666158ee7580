import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type Answered, NOBODY } from "../../guard/counters.ts";
import { parseGuardEnv } from "../../guard/env.ts";
import { Guard } from "../../guard/guard.ts";

const servers = new Set<Server>();
const guards = new Set<Guard>();

/** A collaborator that remembers what it was asked. */
export interface Collaborator {
  readonly url: string;
  readonly asked: { method: string; url: string; headers: IncomingMessage["headers"]; body: string }[];
}

export const collaborator = async (answer?: RequestListener): Promise<Collaborator> => {
  const asked: Collaborator["asked"] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    asked.push({ method: request.method ?? "", url: request.url ?? "", headers: request.headers, body });
    if (answer === undefined) response.end(`it answers ${request.method} ${request.url} ${body}`);
    else answer(request, response);
  });
  servers.add(server);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
};

export interface GuardUnderTest {
  readonly guard: Guard;
  /** Where the overlay calls, by collaborator. */
  readonly at: Readonly<Record<string, string>>;
  /** Where the baseline calls. */
  readonly observed: Readonly<Record<string, string>>;
  readonly shared: string;
  readonly calls: string;
  /** How calls were answered, what never happened left out. */
  counts(collaborator?: string): Partial<Record<Answered, number>> & { reasons: Readonly<Record<string, number>> };
}

const without0 = (counts: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));

export const startGuard = async (collaborators: object, env: Record<string, string> = {}): Promise<GuardUnderTest> => {
  const guard = new Guard(
    parseGuardEnv({
      COLLABORATORS: JSON.stringify(collaborators),
      PORT: "0",
      CALLS_PORT: "0",
      DRAIN_MS: "1000",
      ...env,
    }),
  );
  guards.add(guard);
  const { doors, observers, shared, calls } = await guard.listen();
  const urls = (ports: Readonly<Record<string, number>>) =>
    Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, `http://127.0.0.1:${port}`]));
  return {
    guard,
    at: urls(doors),
    observed: urls(observers),
    shared: `http://127.0.0.1:${shared}`,
    calls: `http://127.0.0.1:${calls}`,
    counts: (name = NOBODY) => {
      const its = guard.counts.of(name);
      return { ...without0(its.answered), reasons: without0(its.refused) };
    },
  };
};

export const cleanUp = async (): Promise<void> => {
  for (const guard of guards) await guard.drain();
  guards.clear();
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
  servers.clear();
};
