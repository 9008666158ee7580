import { createHash } from "node:crypto";
import type { HeaderList } from "../../../core/capture/capture.ts";
import type { StoredFailed, StoredResponded } from "../../../core/segment/segment.ts";

export const hashOf = (content: string | Uint8Array): string =>
  createHash("sha256").update(content).digest("hex").slice(0, 16);

interface AnswerParts {
  readonly status?: number;
  readonly headers?: HeaderList;
  readonly body?: string | Uint8Array;
  readonly cut?: boolean;
  readonly ms?: number;
}

/** An answer as a segment stores it where the lanes differ: headers and content are there. */
export const answer = ({
  status = 200,
  headers = [],
  body = "",
  cut = false,
  ms = 1,
}: AnswerParts): StoredResponded => {
  const content = typeof body === "string" ? new TextEncoder().encode(body) : body;
  return {
    outcome: "responded",
    status,
    headers: { kind: "list", list: headers },
    body: { kind: "content", hash: hashOf(content), bytes: content.length, content, cut },
    ms,
  };
};

/** An answer with that JSON text. */
export const json = (text: string): StoredResponded =>
  answer({ headers: [["content-type", "application/json"]], body: text });

/** An answer that was the same in every lane. */
export const stub = ({ status = 200, ms = 1 } = {}): StoredResponded => ({
  outcome: "responded",
  status,
  headers: { kind: "equal" },
  body: { kind: "equal", bytes: 800 },
  ms,
});

export const failed = (reason: StoredFailed["reason"], ms = 5): StoredFailed => ({ outcome: "failed", reason, ms });
