/** Parts of a table key joined by `#`; a part's own `#` is escaped, so that no two lists of parts share a key. */
export const keyOf = (...parts: readonly (string | number)[]): string =>
  parts.map((part) => String(part).replace(/[%#]/g, (found) => encodeURIComponent(found))).join("#");

/** A key that begins with these whole parts and goes on. */
export const prefixOf = (...parts: readonly (string | number)[]): string => `${keyOf(...parts)}#`;

/** Keys sort as text: numbers in them have a fixed width. */
export const sortable = (value: number, digits = 15): string => String(Math.trunc(value)).padStart(digits, "0");

/**
 * Parts of an object key joined by `/`. All but unreserved characters are escaped, and a part is never `.` or `..`,
 * so that no id leaves its folder where a bucket is a folder on disk.
 */
export const objectKeyOf = (...parts: readonly (string | number)[]): string =>
  parts
    .map((part) =>
      encodeURIComponent(String(part))
        .replace(/[!'()*]/g, "_")
        .replace(/^\.+$/, (dots) => "_".repeat(dots.length)),
    )
    .join("/");
