import type { DriftReads } from "../core/sampling/drift-reads.ts";
import type { LaneTarget, PlanEntry } from "../core/sampling/plan.ts";
import { askLane } from "./ask-lane.ts";
import type { Limits } from "./limits.ts";
import type { Marks } from "./marks.ts";
import { type MirrorEnd, MirrorPool } from "./mirror-pool.ts";
import { type MirroredHead, mirroredHead } from "./mirrored-head.ts";
import type { RequestHead } from "./request-head.ts";
import { targetOf } from "./target.ts";

/** How each lane ended: of the same read, asked at the same moment. */
export interface Ends {
  readonly request: string;
  readonly primary: MirrorEnd;
  readonly candidate: MirrorEnd;
  readonly secondary: MirrorEnd;
}

/** A lane as the tee asks it: where, and with which head. */
interface Asked {
  readonly pool: MirrorPool;
  readonly head: MirroredHead;
}

/** The lanes of an overlay, asked by the tee itself. Where there is no secondary the baseline is asked twice. */
export class DriftLanes {
  readonly #drift: DriftReads;
  readonly #primaryUrl: string;
  readonly #lanes: readonly Asked[];

  constructor(
    { primaryUrl, limits, marks }: { readonly primaryUrl: string; readonly limits: Limits; readonly marks: Marks },
    { drift, candidate, secondary }: PlanEntry & { readonly drift: DriftReads },
  ) {
    this.#drift = drift;
    this.#primaryUrl = primaryUrl;
    const poolOf = (url: string) => new MirrorPool(targetOf(url), limits, () => {});
    const of = (lane: "candidate" | "secondary", to: LaneTarget): Asked => ({
      pool: poolOf(to.url),
      head: mirroredHead(lane, to, marks),
    });
    // Unmarked: to the baseline it is a request like any other.
    const baseline: Asked = { pool: poolOf(primaryUrl), head: ({ text }) => text };
    const again = secondary === undefined ? baseline : of("secondary", secondary);
    this.#lanes = [baseline, of("candidate", candidate), again];
  }

  async ask(read: string, id: string): Promise<Ends> {
    const request = headOf(read, this.#drift.headers, targetOf(this.#primaryUrl).authority);
    const [primary, candidate, secondary] = await Promise.all(
      this.#lanes.map(({ pool, head }) =>
        askLane(pool, { head: head(request, id), body: [], method: request.method, isSafe: true }),
      ),
    );
    return { request: request.text, primary: primary!, candidate: candidate!, secondary: secondary! };
  }

  close(): void {
    for (const { pool } of this.#lanes) pool.close();
  }
}

/** As a caller would send it. */
const headOf = (target: string, headers: Readonly<Record<string, string>>, authority: string): RequestHead => {
  const given = Object.entries(headers);
  const [, host = authority] = given.find(([name]) => name.toLowerCase() === "host") ?? [];
  const fields = given
    .filter(([name]) => name.toLowerCase() !== "host")
    .map(([name, value]) => `${name}: ${value}\r\n`);
  const text = `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nAccept: */*\r\n${fields.join("")}\r\n`;
  return { text, method: "GET", target, marked: false, webSocket: false };
};
