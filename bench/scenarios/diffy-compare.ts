// How Diffy compares (compare/Difference.scala of opendiffy/diffy): terminal differences, array indices left out of paths.
import type { Kind } from "../../core/diff/place.ts";
import { Fields, Keyed, type Lifted, liftText } from "./diffy-lift.ts";

export interface FieldDifference {
  readonly path: readonly string[];
  readonly kind: Kind;
}

type Path = readonly string[];

/** Strings inside are lifted once more: a number in a string is a number. */
const lifted = (value: Lifted): Lifted => (typeof value === "string" ? liftText(value) : value);

const typeOf = (value: Lifted): string => {
  if (Array.isArray(value)) return "seq";
  if (value instanceof Keyed) return "map";
  return value instanceof Fields ? "fields" : value === null ? "null" : typeof value;
};

/** As in Scala, where 1 == 1.0, and where objects of fields are never equal. */
const isEqual = (a: Lifted, b: Lifted): boolean => {
  if (typeof a === "bigint" && typeof b === "number") return Number(a) === b;
  if (typeof a === "number" && typeof b === "bigint") return a === Number(b);
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => isEqual(item, b[i]));
  return !(a instanceof Fields) && a === b;
};

const without = (left: readonly Lifted[], right: readonly Lifted[]): readonly Lifted[] => {
  const rest = [...right];
  return left.filter((item) => {
    const at = rest.findIndex((other) => isEqual(item, other));
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
};

const compareLists = (a: readonly Lifted[], b: readonly Lifted[], path: Path): FieldDifference[] => {
  if (without(a, b).length === 0 && without(b, a).length === 0) return [{ path, kind: "order" }];
  if (a.length !== b.length) return [{ path, kind: "length" }];
  return a.flatMap((item, i) => compareLifted(item, b[i]!, [...path, "*"]));
};

const compareFields = (a: Fields, b: Fields, path: Path): FieldDifference[] => {
  const isMap = a instanceof Keyed;
  const below = (key: string): Path => [...path, isMap ? "*" : key];
  const keys = new Set([...a.entries.keys(), ...b.entries.keys()]);
  return [...keys].flatMap((key): FieldDifference[] => {
    if (!b.entries.has(key)) return [{ path: below(key), kind: "removed" }];
    if (!a.entries.has(key)) return [{ path: below(key), kind: "added" }];
    return compareLifted(a.entries.get(key)!, b.entries.get(key)!, below(key));
  });
};

export const compareLifted = (left: Lifted, right: Lifted, path: Path): FieldDifference[] => {
  const [a, b] = [lifted(left), lifted(right)];
  if (isEqual(a, b)) return [];
  if (typeOf(a) !== typeOf(b)) return [{ path, kind: "type" }];
  if (Array.isArray(a)) return compareLists(a, b as readonly Lifted[], path);
  if (a instanceof Fields) return compareFields(a, b as Fields, path);
  return [{ path, kind: "value" }];
};
