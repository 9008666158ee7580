/** What the fields of a probe mean. */
export const PROBE = {
  "": "Shows that `sideEffects` holds, before writes are mirrored: a write with a value that nothing else has, a canary, must not show at the baseline: [side-effects.md](side-effects.md)",
  ".canary": "How the canary looks: letters and digits, 15 digits, or a UUID of version 4",
  ".write": "Goes to the overlay, marked as mirrored writes are; `{canary}` in path, headers or body is the canary",
  ".write.method": "A method that writes",
  ".write.path": "Path and query",
  ".write.headers": "Such as `content-type`. Values are never shown again",
  ".write.body": "Text",
  ".write.statuses": "Answers that say that it was written; each 2xx where left out",
  ".read":
    "Goes to the baseline, unmarked, again and again; `{canary}` is the canary, `{answer/id}` what stands at `/id` in the JSON that answered the write",
  ".read.service": "Another service of the baseline at which the write would show; the same one where left out",
  ".read.method": "`POST` for reads that have a body",
  ".read.path": "Path and query",
  ".read.headers": "Such as credentials. Values are never shown again",
  ".read.body": "Text",
  ".read.statuses": "Answers that say that it was looked up; each 2xx, 404 and 410 where left out",
  ".read.shows": "Text that the baseline's answer holds in any case: without it, nothing was looked up",
  ".watchSeconds": "So long the canary is looked for, at each lane that would get writes",
  ".visible": "With `isolated`: whether the same read must find the canary at the overlay itself",
} as const;
