import { Agent as HttpAgent, request as httpRequest } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { ANSWER_WITHIN_MS, type ResendTask } from "../../adapters/resender.ts";
import type { Capture, FailureReason } from "../../core/capture/capture.ts";
import { parseHeadText } from "../../core/capture/head.ts";
import type { LaneTarget } from "../../core/sampling/plan.ts";
import type { Marks } from "../../proxy/marks.ts";
import { mirroredHead } from "../../proxy/mirrored-head.ts";
import { connectedEvent, targetOf } from "../../proxy/target.ts";

/** As the tee: a larger answer is not compared. */
const MAX_BODY_BYTES = 1_048_576;

export type Asked = ResendTask["requests"][number];
export type Answered = Capture | "tooLarge";

export interface AskedLane {
  /** `id` begins as the marks are signed for. */
  ask(request: Asked, id: string): Promise<Answered>;
  close(): void;
}

/** Of the stored body, not of the one that came: without content coding, with other values in place of hidden ones. */
const OF_THE_BODY = /^(?:content-(?:length|encoding|md5|digest)|transfer-encoding|repr-digest|digest)$/i;

/** Of others without a length, Node makes chunks. */
const BODILESS: ReadonlySet<string> = new Set(["GET", "HEAD", "DELETE", "OPTIONS", "TRACE"]);

/** Sends to one lane what a tee would mirror to it: the same head, the same marks. */
export const createLane = (lane: "candidate" | "secondary", to: LaneTarget, marks: Marks): AskedLane => {
  const target = targetOf(to.url);
  const headOf = mirroredHead(lane, to, marks);
  // A connection for each: one that is kept may be closed by the other side at any moment, and that would look like a failure.
  const agent = new (target.secure ? HttpsAgent : HttpAgent)({ keepAlive: false });
  const request = target.secure ? httpsRequest : httpRequest;

  const partsOf = (asked: Asked, id: string) => {
    const body = Buffer.from(asked.body, "base64");
    const headers = asked.headers.filter(([name]) => !OF_THE_BODY.test(name));
    const isFramed = body.length > 0 || !BODILESS.has(asked.method);
    const fields = [...headers, ...(isFramed ? [["Content-Length", String(body.length)]] : [])];
    const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`).join("");
    const { method } = asked;
    const text = `${method} ${asked.target} HTTP/1.1\r\n${lines}\r\n`;
    const head = { text, method, target: asked.target, marked: false, webSocket: false };
    const mirrored = parseHeadText(headOf(head, id));
    const path = mirrored.startLine.slice(method.length + 1, mirrored.startLine.lastIndexOf(" "));
    return { method, path, headers: mirrored.headers.flat(), body };
  };

  const ask = (asked: Asked, id: string): Promise<Answered> => {
    const startedAt = performance.now();
    const ms = () => performance.now() - startedAt;
    return new Promise((resolve) => {
      const fail = (reason: FailureReason) => resolve({ outcome: "failed", reason, ms: ms() });
      let isConnected = false;
      const { body, ...parts } = partsOf(asked, id);
      const sent = request({ host: target.hostname, port: target.port, agent, ...parts }, (response) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        response.on("data", (chunk: Buffer) => {
          bytes += chunk.length;
          chunks.push(chunk);
          if (bytes <= MAX_BODY_BYTES) return;
          resolve("tooLarge");
          sent.destroy();
        });
        response.on("error", () => fail("reset"));
        response.on("end", () => {
          const { rawHeaders, statusCode: status = 0 } = response;
          const headers = rawHeaders.flatMap((name, at) =>
            at % 2 === 0 ? [[name, rawHeaders[at + 1] ?? ""] as const] : [],
          );
          resolve({ outcome: "responded", status, headers, body: Buffer.concat(chunks), ms: ms() });
        });
      });
      const deadline = setTimeout(() => {
        fail("timeout");
        sent.destroy();
      }, ANSWER_WITHIN_MS);
      sent.on("socket", (socket) => {
        socket.once(connectedEvent(target), () => (isConnected = true));
      });
      sent.on("error", ({ code }: NodeJS.ErrnoException) => {
        if (code?.startsWith("HPE_")) return fail("invalid");
        fail(isConnected ? "reset" : "refused");
      });
      sent.on("close", () => {
        clearTimeout(deadline);
        // Whatever ended it without a word, such as an upgrade that nobody asked for; an answer that is whole was told before.
        setImmediate(() => fail(isConnected ? "reset" : "refused"));
      });
      sent.end(body);
    });
  };
  return { ask: (asked, id) => ask(asked, id).catch(unsendable), close: () => agent.destroy() };
};

/** Not even Node takes it for a request: no service got it. */
const unsendable = (): Answered => ({ outcome: "failed", reason: "invalid", ms: 0 });
