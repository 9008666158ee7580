import type { HeaderList } from "../capture/capture.ts";
import { headerValues } from "../capture/head.ts";

/** What of a request decides whether it is mirrored, and in which order. */
export interface SampledHead {
  readonly method: string;
  readonly target: string;
  readonly headers: HeaderList;
  /** The tee's own id of the request, unique over all tees. */
  readonly requestId: string;
  /** It carries the mark of a mirror or of a synthetic transaction: mirroring it again would be a loop. */
  readonly marked: boolean;
}

export const cookieOf = (headers: HeaderList, name: string): string | undefined => {
  for (const line of headerValues(headers, "cookie"))
    for (const part of line.split(";")) {
      const equals = part.indexOf("=");
      if (equals !== -1 && part.slice(0, equals).trim() === name) return part.slice(equals + 1).trim();
    }
  return undefined;
};

/** A path by one spelling, so that `/%61dmin` and `//admin` are excluded where `/admin` is. */
export const spelledOut = (path: string): string => {
  if (!/%|\/\/|\/\./.test(path)) return path;
  let plain = path;
  try {
    plain = decodeURIComponent(path);
  } catch {
    // Not UTF-8: no prefix of the plan, which is UTF-8, is hidden in it.
  }
  const steps: string[] = [];
  for (const step of plain.split("/")) {
    if (step === "..") steps.pop();
    else if (step !== "" && step !== ".") steps.push(step);
  }
  return `/${steps.join("/")}${plain.endsWith("/") && steps.length > 0 ? "/" : ""}`;
};
