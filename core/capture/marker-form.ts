/**
 * `~r:s:1f3a…`: what stands in place of a secret value, so that equal values stay equal, different ones different, types visible.
 * The source of a regular expression.
 */
export const MARKER = "~r:[snbzoa]:[0-9a-f]{16}";
