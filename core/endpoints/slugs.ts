/** More names than these below one path are values: `/users/alice`, `/users/bob`, … become `/users/{slug}`. */
export const MAX_NAMES_BELOW = 64;
/** Beyond as many endpoints nothing more is learned of an environment. */
export const MAX_LEARNED = 5_000;

const SLUG = "{slug}";

/**
 * What is known of an environment's endpoints: their names, sorted, `{slug}` for the steps that are values. Grows by `learn` alone,
 * and only ever coarsens: a name that it gives was given before, or puts together what was apart.
 */
export type Learned = readonly string[];

interface Place {
  readonly below: Map<string, Place>;
  isEnd: boolean;
}

const newPlace = (): Place => ({ below: new Map(), isEnd: false });

/** Named by the rules of shape, or not at all: never taken for a value. */
const isFixed = (step: string): boolean => step === "" || step === "**" || step.startsWith("{id}");

/** Method first; none of `GET *` and `{other}`, which have no path. */
const stepsOf = (endpoint: string): readonly string[] => {
  const from = endpoint.indexOf(" /");
  return from <= 0 ? [] : [endpoint.slice(0, from), ...endpoint.slice(from + 2).split("/")];
};

const nameOf = ([method, ...steps]: readonly string[]): string => `${method} /${steps.join("/")}`;

/**
 * The least coarsening of all names under which no path has more than `MAX_NAMES_BELOW` names below it: a closure of their set, so
 * order and repetition do not matter (up to `MAX_LEARNED`). Gives `learned` itself where nothing is new.
 */
export const learn = (learned: Learned, endpoints: Iterable<string>): Learned => {
  const root = placesOf(learned);
  let left = MAX_LEARNED - learned.length;
  for (const endpoint of new Set(endpoints)) {
    const steps = stepsOf(endpoint);
    // A caller can write {slug} into a path, too.
    if (steps.length === 0 || left <= 0 || steps.includes(SLUG)) continue;
    if (add(root, steps)) left--;
  }
  return left === MAX_LEARNED - learned.length ? learned : namesIn(root);
};

const placesOf = (names: Iterable<string>): Place => {
  const root = newPlace();
  for (const name of names) add(root, stepsOf(name));
  return root;
};

/** Gives whether it changed anything. */
const add = (root: Place, [method = "", ...steps]: readonly string[]): boolean => {
  let place = stepInto(root, method);
  let isNew = false;
  for (const step of steps) {
    const name = slugOr(place, step);
    if (!place.below.has(name)) {
      isNew = true;
      stepInto(place, name);
      settle(place);
    }
    place = stepInto(place, slugOr(place, step));
  }
  isNew ||= !place.isEnd;
  place.isEnd = true;
  return isNew;
};

const slugOr = (place: Place, step: string): string => (!isFixed(step) && place.below.has(SLUG) ? SLUG : step);

const stepInto = (place: Place, step: string): Place => {
  const known = place.below.get(step);
  if (known !== undefined) return known;
  const next = newPlace();
  place.below.set(step, next);
  return next;
};

/** Puts the names below together where they are too many, or where one of them is known to be a value. */
const settle = (place: Place): void => {
  const named = [...place.below].filter(([step]) => step !== SLUG && !isFixed(step));
  if (named.length === 0 || (named.length <= MAX_NAMES_BELOW && !place.below.has(SLUG))) return;
  const slug = stepInto(place, SLUG);
  for (const [step, its] of named) {
    place.below.delete(step);
    absorb(slug, its);
  }
};

const absorb = (into: Place, from: Place): void => {
  into.isEnd ||= from.isEnd;
  for (const [step, its] of from.below) {
    const known = into.below.get(step);
    if (known === undefined) into.below.set(step, its);
    else absorb(known, its);
  }
  settle(into);
};

const namesIn = (root: Place): Learned => {
  const names: string[] = [];
  const visit = (place: Place, steps: readonly string[]): void => {
    if (place.isEnd) names.push(nameOf(steps));
    for (const [step, its] of place.below) visit(its, [...steps, step]);
  };
  visit(root, []);
  return names.sort();
};

/** Is it the endpoint's name, or one that it may get by learning? */
export const isNameOf = (name: string, endpoint: string): boolean => {
  if (name === endpoint) return true;
  const [named, steps] = [stepsOf(name), stepsOf(endpoint)];
  const isStep = (step: string, index: number): boolean =>
    step === steps[index] || (step === SLUG && !isFixed(steps[index] as string));
  return named.length > 0 && named.length === steps.length && named.every(isStep);
};

/** Gives an endpoint the name under which it is learned; its own where it is not. Twice is once. */
export const createSlugNames = (learned: Learned): ((endpoint: string) => string) => {
  const root = placesOf(learned);
  return (endpoint) => {
    const [method = "", ...steps] = stepsOf(endpoint);
    let place = root.below.get(method);
    if (place === undefined) return endpoint;
    const named = steps.map((step) => {
      const name = place === undefined ? step : slugOr(place, step);
      place = place?.below.get(name);
      return name;
    });
    return nameOf([method, ...named]);
  };
};
