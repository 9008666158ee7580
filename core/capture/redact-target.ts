import { pathOf } from "./endpoint.ts";
import { decoded, type ParameterSecrets, redactEncoded, redactParameters } from "./redact-parameters.ts";

/** A declared path: text to be found, `*` for any step, or a step in braces, which is secret. */
type PathStep = { readonly kind: "text"; readonly text: string } | { readonly kind: "any" | "secret" };

const pathStep = (step: string): PathStep => {
  if (step === "*") return { kind: "any" };
  return /^\{.*\}$/.test(step) ? { kind: "secret" } : { kind: "text", text: decoded(step) };
};

const stepsIn = (path: string): readonly PathStep[] =>
  path
    .split("/")
    .filter((step) => step !== "")
    .map(pathStep);

interface Found {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** The steps of a path by one spelling, so that `/%72eset//x` is found where `/reset/x` is. */
const spelledSteps = (path: string): readonly Found[] => {
  const steps: Found[] = [];
  let from = 0;
  for (const raw of path.split("/")) {
    const text = decoded(raw);
    if (text === "..") steps.pop();
    else if (text !== "" && text !== ".") steps.push({ from, to: from + raw.length, text });
    from += raw.length + 1;
  }
  return steps;
};

/** Replaces the secret steps of a target whose path begins as one of the declared ones. */
export type InPaths = (target: string, replace: (step: string) => string) => string;

export const createInPaths = (paths: readonly string[]): InPaths => {
  const declared = paths.map(stepsIn);
  return (target, replace) => {
    const path = pathOf(target);
    const start = target.indexOf(
      path,
      target.indexOf("://") + 3 > 2 && target[0] !== "/" ? target.indexOf("://") + 3 : 0,
    );
    const steps = spelledSteps(path);
    const secret = new Set<Found>();
    for (const rule of declared) {
      if (rule.length > steps.length) continue;
      if (!rule.every((step, index) => step.kind !== "text" || step.text === steps[index]!.text)) continue;
      rule.forEach((step, index) => void (step.kind === "secret" && secret.add(steps[index]!)));
    }
    return [...secret]
      .sort((a, b) => b.from - a.from)
      .reduce(
        (text, { from, to }) =>
          text.slice(0, start + from) + replace(text.slice(start + from, start + to)) + text.slice(start + to),
        target,
      );
  };
};

/** RFC 3986 3.3: a step may have parameters of its own, such as `;jsessionid=…`. */
const inSteps = (path: string, secrets: ParameterSecrets): string => {
  if (!/[%=]/.test(path)) return path;
  const steps = path
    .split("/")
    .map((step) => (step.includes("=") ? redactParameters(step, secrets) : redactEncoded(step, secrets.redactWithin)));
  return steps.join("/");
};

/** Replaces the values of secret parameters in the path and the query of a target, and what their other values hold. */
export const redactInTarget = (target: string, secrets: ParameterSecrets): string => {
  const query = target.search(/[?#]/) + 1;
  if (query === 0) return inSteps(target, secrets);
  return (
    inSteps(target.slice(0, query - 1), secrets) + target[query - 1] + redactParameters(target.slice(query), secrets)
  );
};
