import * as z from "zod";
import { automatonOf, MAX_MATCH_BYTES } from "../capture/pattern-automaton.ts";
import type { Redaction } from "../capture/redaction.ts";
import { plainName } from "../capture/secret-names.ts";
import { HeaderName } from "./header.ts";

/** Of all patterns together: so many steps a byte are the most that any text can take. */
const MAX_BYTES_TOGETHER = 2 * MAX_MATCH_BYTES;

/** Without them bodies cannot be read, and so not be redacted. */
const READ_BY = new Set(["content-type", "content-encoding", "transfer-encoding"]);
/** Redacted by what they are, whatever else is said. */
const ALWAYS = new Set(["authorization", "proxyauthorization", "cookie", "setcookie"]);

const SecretHeader = HeaderName.max(128).refine(
  (name) => !READ_BY.has(name.toLowerCase()),
  "must not be a header by which bodies are read",
);

const FieldName = z
  .string()
  .max(128)
  .refine((name) => plainName(name) !== "", "must have a letter or digit (ASCII); elsewhere only these are looked at");

/** RFC 6901, not empty, with `*` for any one step and `**` at the end for all below, as places have them. */
const Pointer = z
  .string()
  .max(500)
  .regex(
    /^(?:\/(?:[^~/]|~[01])*)+$/,
    'must be an RFC 6901 pointer such as /items/*/iban; ~ is written ~0, / in a name ~1, "/**" is all',
  )
  .refine((pointer) => !pointer.includes("/**/"), "must have ** as its last step only")
  .refine((pointer) => pointer.split("/").length <= 33, "must have at most 32 steps");

const Path = z
  .string()
  .max(500)
  .regex(
    /^(?:\/(?:\*|\{[^{}/?#\s]*\}|[^{}*/?#\s]+))+$/,
    "must be a path such as /reset/{token}: each step is text, * for any, or a name in braces",
  )
  .refine((path) => path.includes("{"), "must say which step is secret, in braces: /reset/{token}");

const Pattern = z
  .string()
  .max(1_000)
  .superRefine((pattern, context) => {
    try {
      automatonOf(pattern);
    } catch (error) {
      const message = error instanceof SyntaxError ? error.message : String(error);
      context.addIssue({ code: "custom", message: `${message}; got "${pattern}"` });
    }
  });

const maxBytesOf = (pattern: string): number => {
  try {
    return automatonOf(pattern).maxBytes;
  } catch {
    return 0;
  }
};

const fields = {
  headers: z.array(SecretHeader).max(200).default([]),
  names: z.array(FieldName).max(500).default([]),
  parameters: z.array(FieldName).max(200).default([]),
  json: z.array(Pointer).max(200).default([]),
  paths: z.array(Path).max(200).default([]),
  patterns: z
    .array(Pattern)
    .max(50)
    .refine(
      (patterns) => patterns.reduce((sum, pattern) => sum + maxBytesOf(pattern), 0) <= MAX_BYTES_TOGETHER,
      `must together match at most ${MAX_BYTES_TOGETHER} characters, each pattern's longest match counted`,
    )
    .default([]),
  emails: z.boolean().default(false),
};

/** `redact` of overlay.yaml: it adds to the baseline's and takes nothing away. */
export const OverlayRedaction = z.strictObject(fields);
export type OverlayRedaction = z.infer<typeof OverlayRedaction>;

/** `redact` of baseline.yaml: whoever owns the data says what of it is secret. */
export const BaselineRedaction = z
  .strictObject({ ...fields, keep: z.array(FieldName).max(200).default([]) })
  .superRefine(({ keep, names, parameters }, context) => {
    const declared = new Set([...names, ...parameters].map(plainName));
    for (const [index, name] of keep.entries()) {
      const fail = (message: string) => context.addIssue({ code: "custom", path: ["keep", index], message });
      if (ALWAYS.has(plainName(name))) fail(`must not name credentials of HTTP itself; got "${name}"`);
      if (declared.has(plainName(name))) fail(`must not name what is declared secret beside it; got "${name}"`);
    }
  });
export type BaselineRedaction = z.infer<typeof BaselineRedaction>;

const union = (a: readonly string[], b: readonly string[] = []): string[] => [...new Set([...a, ...b])];

/** What holds for an overlay: the baseline's and its own. Undefined where neither declares any. */
export const redactionOf = (
  baseline: BaselineRedaction | undefined,
  overlay: OverlayRedaction | undefined,
): BaselineRedaction | undefined => {
  if (overlay === undefined) return baseline;
  const of = baseline ?? BaselineRedaction.parse({});
  const added = new Set([...overlay.names, ...overlay.parameters].map(plainName));
  return {
    headers: union(of.headers, overlay.headers),
    names: union(of.names, overlay.names),
    parameters: union(of.parameters, overlay.parameters),
    json: union(of.json, overlay.json),
    paths: union(of.paths, overlay.paths),
    patterns: union(of.patterns, overlay.patterns),
    emails: of.emails || overlay.emails,
    keep: of.keep.filter((name) => !added.has(plainName(name))),
  } satisfies Redaction;
};
