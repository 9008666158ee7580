import { BaselineRedaction } from "../core/sampling/redaction.ts";

const MEANINGS = {
  headers: "Headers whose values are secret",
  names:
    "Names whose values are secret wherever they stand: header, JSON key, parameter, field, element. Case and separators do not matter",
  parameters: "Parameters of queries, and fields of forms, whose values are secret",
  json: "Places in JSON, such as `/items/*/iban`: secret with all below them. `*` is any one key or item",
  paths: "Paths, as prefixes, such as `/reset/{token}`: a step in braces is secret, `*` is any step",
  patterns: "Regular expressions with a bound, such as `\\bCUST-[0-9]{8}\\b`: what they match is secret",
  emails: "Addresses of mail are secret",
} as const;

const KEEP = "Names that the defaults take for a secret's and that are none, such as `token` of a list's next page";

const within = (meanings: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(meanings).map(([field, text]) => [`redact.${field}`, text]));

/** `redact` of baseline.yaml. */
export const BASELINE_REDACTION = {
  redact: "What of its data is secret beyond the defaults: [redaction.md](redaction.md)",
  ...within({ ...MEANINGS, keep: KEEP }),
};

/** `redact` of overlay.yaml. */
export const OVERLAY_REDACTION = {
  redact: "What is secret beyond what the baseline declares; nothing is taken from that: [redaction.md](redaction.md)",
  ...within(MEANINGS),
};

export const REDACT_REFERENCE = {
  file: "redact.yaml",
  about:
    "`redact` of baseline.yaml in a file of its own, for `shadowgraph up --redact redact.yaml`: [redaction.md](redaction.md)",
  schema: BaselineRedaction,
  meanings: { ...MEANINGS, keep: KEEP },
};
