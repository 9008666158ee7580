import { MILLION, MONTH_SECONDS } from "./prices.ts";

export const GROUPS = ["tees", "queue", "table", "bucket", "functions", "network", "watching"] as const;
export type Group = (typeof GROUPS)[number];

/** Something that is paid for: so much of it a second, at so much each. */
export interface Line {
  readonly group: Group;
  readonly item: string;
  readonly unit: string;
  readonly perSecond: number;
  /** US dollars a unit. */
  readonly price: number;
}

export const line = (group: Group, item: string, unit: string, perSecond: number, price: number): Line => ({
  group,
  item,
  unit,
  perSecond,
  price,
});

/** What is paid by the month, however much goes through. */
export const monthly = (group: Group, item: string, unit: string, count: number, price: number): Line =>
  line(group, item, unit, count / MONTH_SECONDS, price);

export const unitsPerMillion = ({ perSecond }: Line, rps: number): number => (perSecond * MILLION) / rps;
export const dollarsPerMillion = (its: Line, rps: number): number => unitsPerMillion(its, rps) * its.price;
export const dollarsMonth = ({ perSecond, price }: Line): number => perSecond * MONTH_SECONDS * price;

export const totalPerMillion = (lines: readonly Line[], rps: number): number =>
  lines.reduce((sum, its) => sum + dollarsPerMillion(its, rps), 0);

/** Group by group; within one as they came. */
export const inOrder = (lines: readonly Line[]): readonly Line[] =>
  GROUPS.flatMap((group) => lines.filter((its) => its.group === group));
