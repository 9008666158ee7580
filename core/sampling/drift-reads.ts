import * as z from "zod";
import { HeaderName, HeaderValue } from "./header.ts";

/** Of reads that are declared, both kinds together. */
const MAX_READS = 20;

const Read = z
  .string()
  .max(2_000)
  .regex(/^\/[\x21\x22\x24-\x7e]*$/, "must be a path, with its query maybe, such as /orders/1");

const fields = {
  /** Reads that answer alike while the data is alike. */
  reads: z.array(Read).default([]),
  /** Reads that tell of the data alone, whatever the code: a version, a count, a checksum. */
  versions: z.array(Read).default([]),
  everySeconds: z.number().min(1).max(3_600).default(10),
  /** Sent with each, to all lanes. */
  headers: z.record(HeaderName, HeaderValue).default({}),
};

const isCounted = ({
  reads,
  versions,
}: {
  readonly reads: readonly string[];
  readonly versions: readonly string[];
}) => {
  const all = [...reads, ...versions];
  return all.length >= 1 && all.length <= MAX_READS && new Set(all).size === all.length;
};
const COUNTED = `must declare 1 to ${MAX_READS} reads, under reads and versions together, each once`;

/** What the tees ask all lanes for now and then, to see whether their data is the same. */
export const DriftReads = z.strictObject(fields).refine(isCounted, COUNTED);
export type DriftReads = z.infer<typeof DriftReads>;

/** As overlay.yaml has it: `service` says whose reads they are, where several are changed. */
export const DriftFile = z
  .strictObject({ service: z.string().min(1).optional(), ...fields })
  .refine(isCounted, COUNTED);
