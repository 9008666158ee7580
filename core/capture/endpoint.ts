/** Longer, and the rest of the path is `**`: an endpoint names a metric and a row, so it must stay short. */
const MAX_PATH_CHARS = 256;
const MAX_STEPS = 16;
const MAX_STEP_CHARS = 64;
const MIN_TOKEN_CHARS = 20;
const MIN_HEX_CHARS = 16;
const MIN_MIXED_HEX_CHARS = 8;

/** Stands in a template for what names one thing of many. */
export const ID = "{id}";
const REST = "**";

/** Also dates, versions, coordinates and order numbers: digits with one separator between. */
const NUMBERS = /^[+-]?\d+(?:[.,:;_-]\d+)*$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const ISO_TIME =
  /^\d{4}-?\d\d-?\d\d(?:T|%20)\d\d(?:(?::|%3A)?\d\d){0,2}(?:\.\d{1,9})?(?:Z|(?:[+-]|%2B)\d\d(?:(?::|%3A)?\d\d)?)?$/i;
const MAIL_ADDRESS = /^[^@]+(?:@|%40)[^@]+\.[^@.]+$/i;
const EXTENSION = /^(.+)(\.[a-z][a-z0-9]{0,4})$/i;

/** What one pass over a path step shows of its shape. */
interface Shape {
  readonly isHex: boolean;
  readonly hasDigit: boolean;
  readonly hasLetter: boolean;
  /** Letters next to digits, in either order: random tokens have many, slugs of words and numbers hardly any. */
  readonly changes: number;
  /** Length of the longest unbroken run of letters and digits that has both. */
  readonly longestMixedRun: number;
  /** Nothing but letters, digits and what base64, JWTs and percent-encoding put between them. */
  readonly isToken: boolean;
}

const OTHER = 0;
const DIGIT = 1;
const LETTER = 2;

const shapeOf = (step: string): Shape => {
  let isHex = true;
  let isToken = true;
  let hasDigit = false;
  let hasLetter = false;
  let changes = 0;
  let run = 0;
  let runIsMixed = false;
  let longestMixedRun = 0;
  let before = OTHER;
  for (let i = 0; i < step.length; i++) {
    const code = step.charCodeAt(i);
    const lower = code | 0x20;
    let kind = OTHER;
    if (code >= 0x30 && code <= 0x39) kind = DIGIT;
    if (lower >= 0x61 && lower <= 0x7a) kind = LETTER;
    if (kind === DIGIT) hasDigit = true;
    if (kind === LETTER) hasLetter = true;
    if (kind === OTHER || (kind === LETTER && lower > 0x66)) isHex = false;
    if (kind === OTHER) {
      isToken &&= "-_.~+=%:".includes(step[i]!);
      run = 0;
      runIsMixed = false;
    } else {
      run++;
      if (before !== OTHER && before !== kind) {
        changes++;
        runIsMixed = true;
      }
      if (runIsMixed && run > longestMixedRun) longestMixedRun = run;
    }
    before = kind;
  }
  return { isHex, hasDigit, hasLetter, changes, longestMixedRun, isToken };
};

/** The shape rules, in the order of their cost. */
const isId = (step: string): boolean => {
  if (step.length > MAX_STEP_CHARS) return true;
  const { isHex, hasDigit, hasLetter, changes, longestMixedRun, isToken } = shapeOf(step);
  if (isHex && (step.length >= MIN_HEX_CHARS || (step.length >= MIN_MIXED_HEX_CHARS && hasDigit && hasLetter)))
    return true;
  if ((step.includes("@") || step.includes("%40")) && MAIL_ADDRESS.test(step)) return true;
  if (!hasDigit) return UUID.test(step);
  if (NUMBERS.test(step) || ISO_TIME.test(step) || UUID.test(step)) return true;
  // ULIDs (26 characters), API keys, base64 and the like.
  return isToken && (longestMixedRun >= MIN_TOKEN_CHARS || (step.length >= MIN_TOKEN_CHARS && changes >= 2));
};

const templateOf = (step: string): string => {
  // RFC 3986 3.3: parameters of a step, such as `;jsessionid=…`, name no resource of their own.
  const parameters = step.indexOf(";");
  const name = parameters > 0 && !NUMBERS.test(step) ? step.slice(0, parameters) : step;
  if (name === ID) return ID;
  if (isId(name)) return ID;
  const file = name.includes(".") ? EXTENSION.exec(name) : null;
  return file !== null && isId(file[1]!) ? `${ID}${file[2]}` : name;
};

/** The path of a request target: without origin (absolute-form), query and fragment. */
export const pathOf = (target: string): string => {
  let from = 0;
  if (target[0] !== "/") {
    const authority = target.indexOf("://");
    const query = target.search(/[?#]/);
    if (authority > 0 && (query === -1 || authority < query)) {
      from = target.slice(authority + 3).search(/[/?#]/);
      if (from === -1) return "/";
      from += authority + 3;
    }
  }
  let to = target.length;
  const query = target.indexOf("?", from);
  if (query !== -1) to = query;
  const fragment = target.indexOf("#", from);
  if (fragment !== -1 && fragment < to) to = fragment;
  const path = target.slice(from, to);
  return path === "" ? "/" : path;
};

/**
 * Method and route template, such as `GET /orders/{id}`, by pure rules of shape, so that all tees agree without talking.
 * Empty steps and a slash at the end are left out. Templates are their own templates.
 */
export const endpointOf = (method: string, target: string): string => {
  if (target === "*") return `${method} *`;
  const path = pathOf(target);
  let template = "";
  let steps = 0;
  let from = 0;
  while (from < path.length) {
    let to = path.indexOf("/", from);
    if (to === -1) to = path.length;
    if (to > from) {
      const step = templateOf(path.slice(from, to));
      if (steps === MAX_STEPS || template.length + 1 + step.length > MAX_PATH_CHARS)
        return `${method} ${template}/${REST}`;
      template += `/${step}`;
      steps++;
    }
    from = to + 1;
  }
  return `${method} ${template === "" ? "/" : template}`;
};
