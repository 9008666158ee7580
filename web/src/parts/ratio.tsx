import type { LatencyReport } from "../../api-shapes.js";

export type Interval = NonNullable<LatencyReport["overall"]["interval"]>["p50"];

export const times = (ratio: number): string => `${Number(ratio.toPrecision(3))}×`;

/** `1.91× to 2.1×`; nothing where so few pairs bound it by nothing. */
export const intervalText = ({ low, high }: Interval): string => {
  if (low === 0 && high === null) return "too few pairs";
  return `${times(low)} to ${high === null ? "?" : times(high)}`;
};

/** A ratio at both ends of the strip is this many times off. */
const REACH = 2.5;
const WIDTH = 110;
const HEIGHT = 18;
const xOf = (ratio: number): number => {
  const share = Math.log(Math.min(REACH, Math.max(1 / REACH, ratio))) / Math.log(REACH);
  return ((share + 1) / 2) * (WIDTH - 8) + 4;
};

/** Where the ratio lies, beside 1: left of it the candidate is faster, right of it slower. */
export const RatioStrip = ({ ratio, interval }: { readonly ratio: number; readonly interval: Interval }) => {
  const [from, to] = [xOf(interval.low), xOf(interval.high ?? REACH)];
  const side = interval.low > 1 ? "slower" : interval.high !== null && interval.high < 1 ? "faster" : "open";
  return (
    <svg class={`ratio-strip ${side}`} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      <line class="one" x1={xOf(1)} x2={xOf(1)} y1="1" y2={HEIGHT - 1} />
      <line class="reach" x1={from} x2={to} y1={HEIGHT / 2} y2={HEIGHT / 2} />
      <circle cx={xOf(ratio)} cy={HEIGHT / 2} r="2.5" />
    </svg>
  );
};
