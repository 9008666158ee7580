import { createRouteNames, UNROUTED } from "./routes.ts";
import { createSlugNames, type Learned } from "./slugs.ts";

/** Gives endpoints, as tees name them by their shape, the names under which they are counted. Twice is once. */
export type Naming = (endpoint: string) => string;

/** What is given of the services before which an environment's tees stand. */
export interface Routing {
  readonly routes: readonly string[];
  /** Every service has its routes listed: what fits none of them is `{unrouted}`. */
  readonly isWhole: boolean;
}

export const NO_ROUTING: Routing = { routes: [], isWhole: false };

/** By the routes that are given; where these do not say, by what was learned. */
export const createNaming = ({ routes, isWhole }: Routing, learned: Learned = []): Naming => {
  const [routed, slugged] = [createRouteNames(routes), createSlugNames(learned)];
  const names = new Map<string, string>();
  return (endpoint) => {
    const known = names.get(endpoint);
    if (known !== undefined) return known;
    const name = hasPath(endpoint) ? (routed(endpoint) ?? (isWhole ? UNROUTED : slugged(endpoint))) : endpoint;
    if (names.size >= MAX_REMEMBERED) names.clear();
    names.set(endpoint, name);
    return name;
  };
};

/** Not `OPTIONS *`, and none that stands for many: `{unrouted}`, `{other}`. */
const hasPath = (endpoint: string): boolean => endpoint.includes(" /");

const MAX_REMEMBERED = 10_000;
