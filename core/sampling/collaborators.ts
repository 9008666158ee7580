import * as z from "zod";
import { Route } from "../endpoints/routes.ts";
import { HeaderName, HeaderValue } from "./header.ts";
import { SAFE_METHODS, TargetUrl } from "./plan.ts";

/**
 * What an overlay gets in place of a collaborator. `replace`: answers of a stub, nothing reaches the collaborator. `sidecar`: the guard
 * stands in front of it, safe methods pass and the rest is refused. `mirror`: what it really answered to the baseline's call.
 */
export const MODES = ["replace", "sidecar", "mirror"] as const;

const MAX_ANSWERS = 500;
const MAX_ANSWER_CHARS = 65_536;

/** An answer that is always the same. Without `json` and `text` it has no body. */
export const CannedAnswer = z
  .strictObject({
    /** The call, to the letter but for `{…}`: `POST /charges/{id}`. The first that fits answers. */
    on: Route,
    status: z.int().min(200).max(599).default(200),
    headers: z.record(HeaderName, HeaderValue).default({}),
    json: z.unknown().optional(),
    text: z.string().max(MAX_ANSWER_CHARS).optional(),
  })
  .refine(({ json, text }) => json === undefined || text === undefined, {
    path: ["text"],
    message: "must not stand beside json: an answer has one body",
  });
export type CannedAnswer = z.infer<typeof CannedAnswer>;

export const CannedAnswers = z.array(CannedAnswer).max(MAX_ANSWERS);

/** A file of canned answers. */
export const AnswersFile = z.strictObject({ answers: CannedAnswers.min(1) });
export type AnswersFile = z.infer<typeof AnswersFile>;

/** 0: any free one. */
const port = z.int().min(0).max(65_535);

const Fields = z.strictObject({
  /** The baseline's collaborator. */
  url: TargetUrl,
  mode: z.enum(MODES).default("sidecar"),
  /** In the order in which they are tried; in place of what would be refused. */
  answers: CannedAnswers.default([]),
  /** Calls of other methods than the safe ones that may pass all the same. */
  allow: z.array(Route).max(200).default([]),
  /** Where the overlay calls it at the guard. */
  port: port.optional(),
  /** Where the baseline calls it at the guard, which passes its calls on unchanged and remembers them. */
  observe: port.optional(),
  /** Variable that holds its address in the services of the overlay: set where they are deployed. */
  env: z
    .string()
    .regex(/^[A-Za-z_]\w*$/, "must be the name of an environment variable")
    .optional(),
});

const withoutNonsense = <T extends z.ZodType<Partial<z.infer<typeof Fields>>>>(
  schema: T,
  hasStub: (its: z.infer<T>) => boolean,
) =>
  schema.superRefine((its, context) => {
    const fail = (field: string, message: string) => context.addIssue({ code: "custom", path: [field], message });
    const { mode, allow = [], observe } = its;
    if (mode === "replace" && !hasStub(its)) fail("mode", "replace needs answers: give answers, openapi or file");
    if (mode === "replace" && allow.length > 0) fail("allow", "must not stand beside mode replace: nothing passes");
    if (mode === "mirror" && observe === undefined)
      fail("observe", "the port at which the baseline calls it, unless mode is another than mirror");
    for (const [index, route] of allow.entries())
      if (SAFE.has(route.slice(0, route.indexOf(" "))))
        fail(`allow.${index}`, `${route} passes anyway: its method is safe`);
  });

const SAFE: ReadonlySet<string> = new Set(SAFE_METHODS);

/** A collaborator of the baseline as an overlay may call it. */
export const Collaborator = withoutNonsense(Fields, ({ answers }) => answers.length > 0);
export type Collaborator = z.infer<typeof Collaborator>;

const path = z.string().min(1).max(4_096);

/** As it is written: answers may also be those of files, which stand beside this one. */
export const CollaboratorSource = withoutNonsense(
  z.strictObject({
    ...Fields.shape,
    /** An OpenAPI 3 or Swagger 2 file: its examples, else what its schemas allow. */
    openapi: path.optional(),
    /** A file with `answers`. */
    file: path.optional(),
  }),
  ({ answers, openapi, file }) => answers.length > 0 || openapi !== undefined || file !== undefined,
);
export type CollaboratorSource = z.infer<typeof CollaboratorSource>;

const MAX_COLLABORATORS = 100;

const CollaboratorName = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{0,38}[a-z0-9]$|^[a-z]$/,
    "must be 1-40 of a-z, 0-9 and -, begin with a letter, not end with -",
  );

/** By name, each port taken once. */
const byName = <T extends z.ZodType<Pick<Collaborator, "port" | "observe">>>(collaborator: T) =>
  z.record(CollaboratorName, collaborator).superRefine((all, context) => {
    const fail = (path: string[], message: string) => context.addIssue({ code: "custom", path, message });
    if (Object.keys(all).length > MAX_COLLABORATORS) fail([], `must be at most ${MAX_COLLABORATORS}`);
    const taken = new Map<number, string>();
    for (const [name, its] of Object.entries(all))
      for (const field of ["port", "observe"] as const) {
        const at = its[field];
        if (at === undefined || at === 0) continue;
        if (taken.has(at)) fail([name, field], `is taken by ${taken.get(at)}; got ${at}`);
        taken.set(at, `${name}.${field}`);
      }
  });

export const Collaborators = byName(Collaborator);
export type Collaborators = z.infer<typeof Collaborators>;
export const CollaboratorSources = byName(CollaboratorSource);

/** collaborators.yaml: the same as in overlay.yaml, alone. */
export const CollaboratorsFile = z.strictObject({ collaborators: CollaboratorSources });
