import * as z from "zod";
import { endpointOf } from "../capture/endpoint.ts";

/** Requests that fit none of the routes that a service is said to have, such as those of scanners. */
export const UNROUTED = "{unrouted}";

export const MAX_ROUTES = 2_000;

/** `GET /users/{name}/posts`: `{…}` stands for one step or a part of one, `**` at the end for all steps below. */
export const Route = z
  .string()
  .max(300)
  .regex(
    /^[A-Z]+ \/(?:[^\s?#/]+(?:\/[^\s?#/]+)*)?$/,
    "must be a method and a path without query and without / at its end, such as GET /users/{name}/posts",
  )
  .refine(
    (route) => !route.slice(0, -3).includes("**") && (!route.includes("**") || route.endsWith("/**")),
    "must have ** as its last step only",
  );

interface Prepared {
  readonly method: string;
  readonly path: string;
  readonly steps: readonly Step[];
}

/** A step of a route: the more of it is given, the earlier it is tried. */
interface Step {
  readonly rank: "0" | "1" | "2" | "3";
  readonly fits: (step: string) => boolean;
}

const PARAMETER = /\{[^{}]*\}/;
const stepOf = (text: string): Step => {
  if (text === "**") return { rank: "3", fits: () => true };
  if (!PARAMETER.test(text)) {
    // Endpoints come by their shape: `/2024-01/report` as `/{id}/report`.
    const shape = endpointOf("GET", `/${text}`).slice("GET /".length);
    return { rank: "0", fits: (step) => step === shape || step === text };
  }
  const given = text.split(PARAMETER);
  if (given.every((part) => part === "")) return { rank: "2", fits: (step) => step !== "**" };
  const [first = "", last = ""] = [given.at(0), given.at(-1)];
  const minChars = first.length + last.length + 1;
  return { rank: "1", fits: (step) => step.length >= minChars && step.startsWith(first) && step.endsWith(last) };
};

const stepsIn = (path: string): readonly string[] => path.split("/").filter((step) => step !== "");

const prepare = (route: string): Prepared => {
  const [method = "", path = ""] = route.split(" ");
  return { method, path, steps: stepsIn(path).map(stepOf) };
};

const fits = ({ steps }: Prepared, given: readonly string[]): boolean => {
  const isOpen = steps.at(-1)?.rank === "3";
  const needed = isOpen ? steps.length - 1 : steps.length;
  return (
    (isOpen ? given.length >= needed : given.length === needed) &&
    steps.slice(0, needed).every((step, index) => step.fits(given[index] as string))
  );
};

/** Step by step from the left: what is given goes before what is open. Of equals, the smaller text. */
const bySpecificity = (a: Prepared, b: Prepared): number => {
  const [left, right] = [a, b].map(({ steps, path }) => `${steps.map(({ rank }) => rank).join("")} ${path}`);
  return (left as string) < (right as string) ? -1 : 1;
};

/** Answered where another method is routed, mostly without a route of their own: by the path's name. */
const IMPLIED_METHODS: ReadonlySet<string> = new Set(["HEAD", "OPTIONS"]);

/** Gives an endpoint, as the tee names it by its shape, the name of its most specific route; undefined where none fits. */
export const createRouteNames = (routes: readonly string[]): ((endpoint: string) => string | undefined) => {
  const all = [...new Set(routes)].map(prepare).sort(bySpecificity);
  return (endpoint) => {
    const [method = "", path = ""] = endpoint.split(" ");
    const steps = stepsIn(path);
    const found =
      all.find((route) => route.method === method && fits(route, steps)) ??
      (IMPLIED_METHODS.has(method) ? all.find((route) => fits(route, steps)) : undefined);
    return found && `${method} ${found.path}`;
  };
};
