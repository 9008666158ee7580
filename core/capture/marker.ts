import { Buffer } from "node:buffer";
import type { KeyedHash } from "./keyed-hash.ts";
import { MARKER } from "./marker-form.ts";

/** Type of the JSON value that a marker stands for: string, number, boolean, null (z). */
export type MarkedType = "s" | "n" | "b" | "z";

const ONE_MARKER = new RegExp(`^${MARKER}$`);

/** The marker of a value, given as latin-1 of its bytes; a marker is its own marker. */
export type Mark = (type: MarkedType, value: string) => string;

export const createMark =
  (hash: KeyedHash): Mark =>
  (type, value) =>
    ONE_MARKER.test(value) ? value : `~r:${type}:${hash(Buffer.from(value, "latin1"))}`;
