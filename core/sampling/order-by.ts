import * as z from "zod";
import { pathOf } from "../capture/endpoint.ts";
import { headerValue } from "../capture/head.ts";
import { HeaderName } from "./header.ts";
import { cookieOf, type SampledHead, spelledOut } from "./sampled-head.ts";

const PARAMETER = /^\{[A-Za-z_]\w*\}$/;

const PathTemplate = z
  .string()
  .max(500)
  .refine(
    (path) =>
      path.startsWith("/") &&
      steps(path).every((step) => PARAMETER.test(step) || /^[^{}?#]+$/.test(step)) &&
      steps(path).some((step) => PARAMETER.test(step)),
    "must be a path with a parameter in braces, such as /orders/{id}",
  );

/** Which mirrors go in the order of their requests: those that have the same header, cookie or part of the path. */
export const OrderBy = z
  .strictObject({ header: HeaderName.optional(), cookie: HeaderName.optional(), path: PathTemplate.optional() })
  .refine(
    (by) => Object.values(by).filter((value) => value !== undefined).length === 1,
    "must name exactly one of header, cookie and path",
  );
export type OrderBy = z.infer<typeof OrderBy>;

/** The key of a request; undefined where it has none, or an empty one: its mirror goes at once. */
export type OrderKeyOf = (head: Pick<SampledHead, "headers" | "target">) => string | undefined;

export const orderKeyOf = ({ header, cookie, path }: OrderBy): OrderKeyOf => {
  if (header !== undefined) {
    const name = header.toLowerCase();
    return ({ headers }) => headerValue(headers, name) || undefined;
  }
  if (cookie !== undefined) return ({ headers }) => cookieOf(headers, cookie) || undefined;
  return keyOfPath(steps(path ?? ""));
};

const steps = (path: string): string[] => path.split("/").slice(1);

/** What lies below a path belongs to it: `/orders/7/lines` has the key of `/orders/7`. */
const keyOfPath =
  (template: readonly string[]): OrderKeyOf =>
  ({ target }) => {
    const given = steps(spelledOut(pathOf(target)));
    const isFit = template.every((step, index) => (PARAMETER.test(step) ? given[index] : given[index] === step));
    return isFit ? given.filter((_, index) => PARAMETER.test(template[index] ?? "")).join("/") : undefined;
  };
