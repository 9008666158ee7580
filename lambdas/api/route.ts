import * as z from "zod";
import type { ErrorCode } from "../../core/errors.ts";
import type { Call } from "./deps.ts";

export type Method = "GET" | "POST" | "PUT" | "DELETE";

/** An answer that is no JSON. */
export class TextAnswer {
  readonly mediaType: string;
  readonly text: string;
  constructor(mediaType: string, text: string) {
    this.mediaType = mediaType;
    this.text = text;
  }
}

/** An answer to what is begun, and goes on after it. */
export class Accepted<T> {
  readonly value: T;
  constructor(value: T) {
    this.value = value;
  }
}

export const NOTHING = z.strictObject({});

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

interface Definition<
  P extends z.ZodObject,
  Q extends z.ZodObject,
  B extends z.ZodType,
  A extends z.ZodType,
  C extends z.ZodType = z.ZodType,
> {
  readonly method: Method;
  /** With parameters in braces, as OpenAPI writes it. */
  readonly path: string;
  readonly summary: string;
  readonly params: P;
  readonly query: Q;
  /** What the body must be; `null` where the request has none. */
  readonly body: B | null;
  readonly status: 200 | 201 | 202 | 204;
  /** The shape of the answer; registered in `shapes`, so that OpenAPI refers to it by name. */
  readonly answer: A;
  /** The shape of an `Accepted`, where the handler can give one: status 202. */
  readonly accepted?: C;
  /** Media types of a `TextAnswer`, where the handler can give one. */
  readonly textAnswers?: readonly string[];
  /** Beyond those that any request can meet. */
  readonly errors: readonly ErrorCode[];
  readonly handle: (
    input: { readonly params: z.infer<P>; readonly query: z.infer<Q>; readonly body: z.infer<B> },
    call: Call,
  ) => Promise<DeepReadonly<z.infer<A>> | TextAnswer | Accepted<DeepReadonly<z.infer<C>>>>;
}

/** One row of the table from which both the app and the OpenAPI document are made. */
export type Route = Omit<Definition<z.ZodObject, z.ZodObject, z.ZodType, z.ZodType>, "handle"> & {
  readonly handle: (input: { params: never; query: never; body: never }, call: Call) => Promise<unknown>;
};

/** Checks the handler against the schemas of its own row. */
export const route = <
  P extends z.ZodObject,
  Q extends z.ZodObject,
  B extends z.ZodType,
  A extends z.ZodType,
  C extends z.ZodType = z.ZodType,
>(
  definition: Definition<P, Q, B, A, C>,
): Route => definition;

/** Names and ids share a namespace: either is accepted wherever an environment is named. */
export const ById = z.strictObject({ id: z.string().min(1).max(100) });

/** A whole number of a query string. */
export const queryInt = (min: number, max: number, fallback: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, "must be a whole number")
    .transform(Number)
    .pipe(z.int().min(min).max(max))
    .default(fallback);

export const queryFlag = z
  .enum(["true", "false"])
  .transform((value) => value === "true")
  .pipe(z.boolean());

/** A share of a query string: 0.001 is 0.1 %. */
export const queryShare = z
  .string()
  .regex(/^\d*\.?\d+(e-?\d+)?$/i, "must be a share between 0 and 1 such as 0.001")
  .transform(Number)
  .pipe(z.number().gt(0).lt(1));

/** Keys hold times of 15 digits: beyond the year 33 000. */
const MAX_TIME = 999_999_999_999_999;

/** A time of a query string: `2026-11-21T20:00:00Z`, or milliseconds since 1970. */
export const queryTime = z
  .string()
  .transform((text) =>
    /^\d{1,16}$/.test(text) ? Number(text) : /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN,
  )
  .pipe(z.int("must be a time such as 2026-11-21T20:00:00Z, or milliseconds since 1970").min(0).max(MAX_TIME));
