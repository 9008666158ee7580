import { useEffect, useState } from "preact/hooks";

/** Where in the dashboard: what stands behind the # of the address. */
export interface Location {
  /** Decoded steps of the path. */
  readonly steps: readonly string[];
  readonly query: Readonly<Record<string, string>>;
}

const NOWHERE: Location = { steps: ["\0"], query: {} };

export const parseHash = (hash: string): Location => {
  const [path = "", search = ""] = hash.replace(/^#/, "").split(/\?(.*)/s);
  try {
    const steps = path.split("/").filter((step) => step !== "");
    return { steps: steps.map(decodeURIComponent), query: Object.fromEntries(new URLSearchParams(search)) };
  } catch {
    return NOWHERE;
  }
};

type Query = Readonly<Record<string, string | undefined>>;

/** The address of a place in the dashboard; what is undefined or empty is left out of the query. */
export const hrefOf = (steps: readonly string[], query: Query = {}): string => {
  const given = Object.entries(query).filter((entry): entry is [string, string] => !!entry[1]);
  const search = given.length === 0 ? "" : `?${new URLSearchParams(given)}`;
  return `#/${steps.map(encodeURIComponent).join("/")}${search}`;
};

/** The parameters of `pattern`, such as `env/:id`, where it fits. */
export const matchPath = (pattern: string, steps: readonly string[]): Readonly<Record<string, string>> | undefined => {
  const wanted = pattern.split("/").filter((step) => step !== "");
  if (wanted.length !== steps.length) return undefined;
  const params: Record<string, string> = {};
  for (const [i, step] of wanted.entries()) {
    if (step.startsWith(":")) params[step.slice(1)] = steps[i]!;
    else if (step !== steps[i]) return undefined;
  }
  return params;
};

export const useLocation = (): Location => {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const changed = () => setHash(location.hash);
    addEventListener("hashchange", changed);
    // It may have changed between the first drawing and now.
    changed();
    return () => removeEventListener("hashchange", changed);
  }, []);
  return parseHash(hash);
};

/** Changes the query of this place without a step in the history: a filter is no journey. */
export const replaceQuery = (query: Query): void => {
  const { steps, query: before } = parseHash(location.hash);
  history.replaceState(null, "", hrefOf(steps, { ...before, ...query }));
  dispatchEvent(new HashChangeEvent("hashchange"));
};
