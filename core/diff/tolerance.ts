import { ExactNumber } from "./json-value.ts";

export interface Tolerance {
  readonly absolute?: number | undefined;
  readonly relative?: number | undefined;
  readonly ulp?: number | undefined;
}

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const INTEGER = /^-?\d+$/;

/** A number as it is written; also one that stands as text, as money often does. */
const textOf = (value: unknown): string | undefined => {
  if (value instanceof ExactNumber) return value.text;
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value.length <= 400 && NUMBER.test(value) ? value : undefined;
};

/** Within any of the bounds. Values of different types, and what are no numbers, never are. */
export const isWithin = (
  left: unknown,
  right: unknown,
  { absolute = 0, relative = 0, ulp = 0 }: Tolerance,
): boolean => {
  if ((typeof left === "string") !== (typeof right === "string")) return false;
  const [a, b] = [textOf(left), textOf(right)];
  if (a === undefined || b === undefined) return false;
  const [x, y] = [Number(a), Number(b)];
  if (!Number.isFinite(x) || !Number.isFinite(y)) return false;
  const apart = distanceOf(a, b, x, y);
  const larger = Math.max(Math.abs(x), Math.abs(y));
  // 1.10 and 1.11 are one hundredth apart, their doubles by a rounding error more.
  const rounding = absolute > 0 && !(INTEGER.test(a) && INTEGER.test(b)) ? Number.EPSILON * larger : 0;
  if (apart <= absolute + rounding || apart <= relative * larger) return true;
  return ulp > 0 && stepsBetween(x, y) <= BigInt(ulp) && Number.isFinite(apart) && isExact(a, x) && isExact(b, y);
};

/** Integers beyond 2^53 are subtracted as they are written: as doubles they would be taken for equal. */
const distanceOf = (a: string, b: string, x: number, y: number): number => {
  if (Number.isSafeInteger(x) && Number.isSafeInteger(y)) return Math.abs(x - y);
  if (!INTEGER.test(a) || !INTEGER.test(b)) return Math.abs(x - y);
  const apart = BigInt(a) - BigInt(b);
  return Number(apart < 0n ? -apart : apart);
};

const isExact = (text: string, value: number): boolean =>
  !INTEGER.test(text) || BigInt(text) === BigInt(Math.trunc(value));

const view = new DataView(new ArrayBuffer(8));

/** Doubles in their order as integers (IEEE 754): neighbours are one apart; -0 and 0 are the same. */
const rankOf = (value: number): bigint => {
  view.setFloat64(0, value);
  const bits = view.getBigInt64(0);
  return bits < 0n ? -(bits & 0x7fffffffffffffffn) : bits;
};

const stepsBetween = (x: number, y: number): bigint => {
  const apart = rankOf(x) - rankOf(y);
  return apart < 0n ? -apart : apart;
};
