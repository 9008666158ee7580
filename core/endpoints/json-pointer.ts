const MAX_HOPS = 8;

/** What stands at a pointer, and where: it may refer to elsewhere. */
export const followed = (file: unknown, pointer: string): readonly [string, object] => {
  let at = pointer;
  for (let hops = 0; hops < MAX_HOPS; hops++) {
    const value = asObject(valueAt(file, at));
    if (!("$ref" in value) || typeof value.$ref !== "string") return [at, value];
    at = value.$ref;
  }
  return [at, {}];
};

/** RFC 6901, as a fragment. */
export const valueAt = (root: unknown, ref: string): unknown => {
  if (!ref.startsWith("#/")) return undefined;
  let value = root;
  for (const step of ref.slice(2).split("/")) {
    const key = unescaped(step);
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
};

const unescaped = (step: string): string => percentDecoded(step).replaceAll("~1", "/").replaceAll("~0", "~");

const percentDecoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

export const asObject = (value: unknown): object =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};

export const objectIn = (value: unknown, key: string): object =>
  asObject((asObject(value) as Record<string, unknown>)[key]);
