import * as z from "zod";
import { HeaderName, HeaderValue } from "./header.ts";
import { isWrite } from "./plan.ts";

const CANARY = "{canary}";

const Path = z
  .string()
  .max(2_000)
  .regex(/^\/[\x21-\x7e]*$/, "must begin with / and hold no space, control character or character beyond ASCII");
const Headers = z.record(HeaderName, HeaderValue).default({});
const Body = z.string().max(65_536).default("");
const Statuses = z.array(z.int().min(200).max(599)).min(1).max(50);

const Write = z.strictObject({
  method: z
    .string()
    .regex(/^[A-Z]+$/, "must be an upper-case method")
    .refine(isWrite, "must be a method that writes, such as POST")
    .default("POST"),
  path: Path,
  headers: Headers,
  body: Body,
  /** Those that say that it was written; each 2xx where left out. */
  statuses: Statuses.optional(),
});

const Read = z.strictObject({
  /** Of the baseline; the service itself where left out. */
  service: z.string().min(1).max(40).optional(),
  method: z.enum(["GET", "POST"]).default("GET"),
  path: Path,
  headers: Headers,
  body: Body,
  /** Those that say that it was looked up; each 2xx, 404 and 410 where left out. */
  statuses: Statuses.optional(),
  /** What the baseline's answer holds in any case. */
  shows: z.string().min(1).max(1_000).optional(),
});

/**
 * How it is shown that an overlay keeps side effects away: a write with a value that nothing else has, a **canary**, goes to the
 * overlay, and must then not be found at the baseline.
 */
export const Probe = z
  .strictObject({
    /** How it looks, since services check what they get: letters and digits, 15 digits, or a UUID of version 4. */
    canary: z.enum(["word", "number", "uuid"]).default("word"),
    write: Write,
    read: Read,
    /** So long it is looked for. */
    watchSeconds: z.number().min(0.1).max(60).default(3),
    /** Of an overlay that is `isolated`: the same read must find it there, or it could find it nowhere. */
    visible: z.boolean().default(true),
  })
  .superRefine(({ write }, context) => {
    const places = [write.path, write.body, ...Object.values(write.headers)];
    if (places.some((text) => text.includes(CANARY))) return;
    context.addIssue({ code: "custom", path: ["write"], message: `must hold ${CANARY} in path, headers or body` });
  });
export type Probe = z.infer<typeof Probe>;
export type ProbeRead = Probe["read"];

/** 16 random bytes in the form that is asked for. */
export const canaryOf = (form: Probe["canary"], random: Uint8Array): string => {
  const hex = [...random.subarray(0, 16)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  if (form === "word") return `canary${hex}`;
  // From 10^14 on, so that no leading zero is lost; below 2^53, so that no reader rounds it.
  if (form === "number") return String(100_000_000_000_000n + (BigInt(`0x${hex}`) % 900_000_000_000_000n));
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

export const withCanary = (text: string, canary: string): string => text.replaceAll(CANARY, canary);

/** `{answer/id}`: the value at `/id` (RFC 6901) of the JSON that answered the canary. */
const ANSWER = /\{answer((?:\/[^{}]*)?)\}/g;

export const needsAnswer = ({ path, body }: Pick<ProbeRead, "path" | "body">): boolean =>
  [path, body].some((text) => text.search(ANSWER) !== -1);

/** With what the canary's answer says in place of `{answer/…}`, encoded as it must be there; undefined where it does not say it. */
export const withAnswer = (text: string, answer: string, encode: (value: string) => string): string | undefined => {
  let isWhole = true;
  const filled = text.replace(ANSWER, (_all, pointer: string) => {
    const value = valueAt(answer, pointer);
    if (value === undefined) isWhole = false;
    return encode(value ?? "");
  });
  return isWhole ? filled : undefined;
};

const valueAt = (json: string, pointer: string): string | undefined => {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  for (const step of pointer.split("/").slice(1)) {
    const name = step.replaceAll("~1", "/").replaceAll("~0", "~");
    if (value === null || typeof value !== "object" || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  // A step up would ask for something else.
  if (value === "." || value === "..") return undefined;
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
};
