/** What the fields of a collaborator mean. */
export const COLLABORATOR = {
  url: "Where the baseline's collaborator answers; `https://` too: the guard speaks TLS to it. A path is put before every call's",
  mode: "What the overlay gets: `sidecar` lets safe methods pass and refuses the rest; `replace` lets nothing pass and answers itself; `mirror` answers as the collaborator answered the baseline's call of the same request",
  answers: "Answers that are always the same, in the order in which they are tried: in place of what would be refused",
  "answers[].on": "Method and path, to the letter; `{id}` is one step or a part of one, `**` at the end all below",
  "answers[].status": "Its status",
  "answers[].headers": "Its headers",
  "answers[].json": "Its body as JSON",
  "answers[].text": "Its body as text; `content-type` is `text/plain` unless `headers` say otherwise",
  openapi:
    "An OpenAPI 3 or Swagger 2 file, from the folder of this one: the example of each first success, else what its schema allows. Behind `answers` and `file`",
  file: "A file of `answers`, from the folder of this one",
  allow: "Methods and paths that pass although they are no safe ones, such as `POST /search`",
  port: "Where the overlay calls it at the guard; 0: any free one. Not needed where PORT is set; left out in overlay.yaml",
  observe:
    "Where the baseline calls it at the guard, to be heard; needed by `mirror`. 0: any free one; left out in overlay.yaml",
  env: "Variable of the overlay's services that holds its address; needed in overlay.yaml, where it is set for the services and their control overlays",
} as const;

/** And in overlay.yaml, with where tees ask what was called. */
export const OVERLAY_CALLS: Readonly<Record<string, string>> = {
  collaborators:
    "What services with an `image` call, by name: a guard stands beside each task, [overlays.md](overlays.md#the-guard). Together at most 24 KiB",
  ...Object.fromEntries(Object.entries(COLLABORATOR).map(([field, text]) => [`collaborators.<name>.${field}`, text])),
  calls: "Outgoing calls are compared as well: [guard.md](guard.md#what-is-called-otherwise)",
  "calls.guards": "Where guards tell tees what was called (`CALLS_PORT`)",
  "calls.key":
    "By what calls belong to a request: its trace (`traceparent`), or a header that services hand on; the guard's `CALLS_KEY`",
  "calls.key.header": "Its name",
};
