/** The minute that a segment is folded into: minutes since 1970. */
export const minuteOf = (at: number): number => Math.floor(at / 60_000);

export const hourOf = (minute: number): number => Math.floor(minute / 60);

/** The minute's hour stands before it, so that the minutes of one hour are one prefix. */
export const spanOfMinute = (minute: number): string => `minute/${hourOf(minute)}/${minute}`;
export const prefixOfHour = (hour: number): string => `minute/${hour}/`;
export const PREFIX_OF_HOURS = "hour/";
export const spanOfHour = (hour: number): string => `${PREFIX_OF_HOURS}${hour}`;

export type Grain = "minute" | "hour";
export const GRAIN_MS: Readonly<Record<Grain, number>> = { minute: 60_000, hour: 3_600_000 };
/** Of the minute, or hour, of this number. In the order of their numbers, as text too: until 2084 hours have six digits, minutes eight. */
export const spanOf = (grain: Grain, number: number): string =>
  grain === "minute" ? spanOfMinute(number) : spanOfHour(number);

export const RUN_SPAN = "run";

/** When the facts of a minute expire, in seconds since 1970: all at once, however late one was delivered. */
export const expiryOfMinute = (minute: number, ttlDays: number): number => (minute + 1) * 60 + ttlDays * 86_400;
