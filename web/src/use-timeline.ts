import { useEffect, useState } from "preact/hooks";
import type { Timeline } from "../api-shapes.js";
import type { Api } from "./api.ts";
import { useStore } from "./live.ts";

const ASK_MS = 5_000;
const PAGE_SIZE = 400;

export interface Span {
  readonly from: number;
  readonly to: number;
  readonly grain: Timeline["grain"];
  readonly buckets: readonly Timeline["buckets"][number][];
  readonly marks: readonly Timeline["marks"][number][];
}

type Query = { readonly from: number; readonly grain: Timeline["grain"] };

const read = async (api: Api, env: string, query: Query): Promise<Timeline> => {
  const ask = (from: number) =>
    api.call("GET /environments/{id}/timeline", { params: { id: env }, query: { ...query, from, limit: PAGE_SIZE } });
  let whole = await ask(query.from);
  while (whole.next !== null) {
    const more = await ask(whole.next);
    whole = {
      ...more,
      from: whole.from,
      buckets: [...whole.buckets, ...more.buckets],
      marks: whole.marks,
    };
  }
  return whole;
};

/** The last `spanMs`, kept up to date: after the first reading only what may have changed is asked for. */
export const useTimeline = (env: string, spanMs: number, grain: Timeline["grain"]): Span | undefined => {
  const { api } = useStore();
  const [span, setSpan] = useState<Span>();
  useEffect(() => {
    let isGone = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let known: Span | undefined;
    const step = async () => {
      const oldest = Date.now() - spanMs;
      // The bucket before the last one may still grow, by segments that are under way.
      const from = known?.buckets.at(-2)?.at ?? known?.from ?? oldest;
      const found = document.hidden ? undefined : await read(api, env, { from, grain }).catch(() => undefined);
      if (isGone) return;
      if (found !== undefined) {
        known = {
          from: Math.max(oldest, found.to - spanMs),
          to: found.to,
          grain: found.grain,
          buckets: [...(known?.buckets ?? []).filter(({ at }) => at < from && at >= oldest - spanMs), ...found.buckets],
          marks: [...(known?.marks ?? []).filter(({ at }) => at < from), ...found.marks],
        };
        setSpan(known);
      }
      timer = setTimeout(step, ASK_MS);
    };
    setSpan(undefined);
    void step();
    return () => {
      isGone = true;
      clearTimeout(timer);
    };
  }, [api, env, spanMs, grain]);
  return span;
};
