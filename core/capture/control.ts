/** What the secondary is. A control overlay is a true control of latency and instance-bound values; the baseline itself is not. */
export const CONTROLS = ["control", "baseline", "none"] as const;
export type Control = (typeof CONTROLS)[number];
