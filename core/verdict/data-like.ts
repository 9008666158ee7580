import type { Kind } from "../diff/place.ts";
import type { Finding } from "./verdict.ts";

const DATA_KINDS: ReadonlySet<Kind> = new Set<Kind>(["value", "length", "order"]);

/** Other data can explain it while the code is the same: what stands at a place, not whether the place is there or of which type. */
export const isDataKind = (kind: Kind): boolean => DATA_KINDS.has(kind);

const isFound = (status: number): boolean => status >= 200 && status < 300;
const isMissing = (status: number): boolean => status === 404 || status === 410;

/** The same thing is there in one lane and not in the other. */
export const isKnownToOneAlone = (a: number, b: number): boolean =>
  (isFound(a) && isMissing(b)) || (isMissing(a) && isFound(b));

/** Can other data alone explain the finding, as far as it shows? */
export const isDataLike = ({ kind, examples }: Finding): boolean =>
  isDataKind(kind) ||
  (kind === "status" &&
    examples.length > 0 &&
    examples.every(({ primary, candidate }) => isKnownToOneAlone(Number(primary), Number(candidate))));
