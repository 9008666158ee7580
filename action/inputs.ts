import * as z from "zod";
import { ShadowgraphError } from "../core/errors.ts";
import { VERDICTS } from "../core/verdict/verdict.ts";

const optional = z.string().transform((text) => (text === "" ? undefined : text));

const FAILING = VERDICTS.filter((verdict) => verdict !== "SAFE");
const FAIL_ON = `must be never, or some of ${FAILING.join(", ")} separated by commas`;

/** `REGRESSION, INVALID` as a list; `never` as none. */
const FailOn = z
  .string()
  .transform((text) => (text.trim() === "never" ? [] : text.split(",").map((word) => word.trim().toUpperCase())))
  .pipe(z.array(z.enum(FAILING, FAIL_ON)));

/** What action.yml hands on, by the names of its environment. The CLI checks what it is given itself. */
export const Inputs = z
  .object({
    SHADOWGRAPH_API: z.string().min(1, "is required"),
    INPUT_ENVIRONMENT: z.string().min(1, "is required"),
    INPUT_OVERLAY_FILE: optional,
    INPUT_BASELINE: optional,
    INPUT_TIMEOUT: z.string().min(1),
    INPUT_TOLERANCE: optional,
    INPUT_FAIL_ON: FailOn,
    INPUT_COMMENT: z.enum(["true", "false"], "must be true or false").transform((text) => text === "true"),
    INPUT_TOKEN: optional,
    INPUT_REPORT_FOLDER: z.string().min(1),
  })
  .refine((given) => given.INPUT_OVERLAY_FILE === undefined || given.INPUT_BASELINE !== undefined, {
    path: ["INPUT_BASELINE"],
    message: "is required with overlay-file",
  });
export type Inputs = z.infer<typeof Inputs>;

/** @throws ShadowgraphError "invalid-input" that names every input at fault as action.yml does */
export const parseInputs = (env: Readonly<Record<string, string | undefined>>): Inputs => {
  const parsed = Inputs.safeParse(env);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => {
    const name = String(path[0]);
    const field = name === "SHADOWGRAPH_API" ? "api" : name.replace("INPUT_", "").toLowerCase().replaceAll("_", "-");
    return { field, message: `${message}; got "${env[name] ?? ""}"` };
  });
  throw new ShadowgraphError("invalid-input", "the inputs are not valid", { faults });
};
