/** What is redacted beyond the defaults, as declared for a baseline and added to by an overlay; compiled once for each run. */
export interface Redaction {
  /** Headers whose values are secret. */
  readonly headers: readonly string[];
  /** Names whose values are secret wherever one stands: header, JSON key, parameter, field, element. */
  readonly names: readonly string[];
  /** Parameters of queries and fields of forms. */
  readonly parameters: readonly string[];
  /** RFC 6901 pointers into JSON, with `*` for any one step. */
  readonly json: readonly string[];
  /** Paths, as prefixes: a step in braces is secret, `*` is any step. */
  readonly paths: readonly string[];
  /** What `parsePattern` reads. */
  readonly patterns: readonly string[];
  readonly emails: boolean;
  /** Names that hold no secret, whatever the defaults say of them. */
  readonly keep: readonly string[];
}

export const NO_REDACTION: Redaction = {
  headers: [],
  names: [],
  parameters: [],
  json: [],
  paths: [],
  patterns: [],
  emails: false,
  keep: [],
};
