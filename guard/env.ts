import * as z from "zod";
import { parseEnv, wholeNumber } from "../adapters/env.ts";
import { type FieldFault, ShadowgraphError } from "../core/errors.ts";
import { CallKeyWord } from "../core/sampling/call-id.ts";
import { Collaborators } from "../core/sampling/collaborators.ts";
import { limitsIn, limitVariables } from "../proxy/limit-variables.ts";
import { GuardLimits } from "./limits.ts";

type Env = Readonly<Record<string, string | undefined>>;

const notEmpty = z.string().min(1, "must not be empty");
const port = wholeNumber(0, 65_535);

const GuardVariables = z.object({
  /** Where the overlay calls; only the overlay should be let in. */
  HOST: notEmpty.default("127.0.0.1"),
  /** One port for all collaborators, told apart by Host or by a target in absolute form (HTTP_PROXY); none without it. */
  PORT: port.optional(),
  /** Where tees ask what was called; nowhere without a port. */
  CALLS_PORT: port.optional(),
  CALLS_HOST: notEmpty.default("127.0.0.1"),
  /** By what calls belong to a request. */
  CALLS_KEY: CallKeyWord.default("trace"),
  ADMIN_PORT: port.optional(),
  ADMIN_HOST: notEmpty.default("127.0.0.1"),
});

/** The environment of the guard's process, and any of `GuardLimits` in upper case. */
export interface GuardEnv extends z.infer<typeof GuardVariables> {
  /** As JSON: `collaborators` of overlay.yaml, their answers in them. */
  readonly COLLABORATORS: Collaborators;
  readonly limits: GuardLimits;
}

/** @throws ShadowgraphError "invalid-input" that names every variable at fault */
export const parseGuardEnv = (env: Env): GuardEnv => {
  const parsed = parseEnv(GuardVariables.extend(limitVariables(GuardLimits)), env) as Record<string, unknown>;
  const variables = GuardVariables.parse(env);
  const collaborators = collaboratorsIn(env.COLLABORATORS, variables.PORT);
  return { ...variables, COLLABORATORS: collaborators, limits: limitsIn(GuardLimits, parsed) };
};

/** Its faults are told without the values: answers may hold what is in no log. */
const collaboratorsIn = (text: string | undefined, shared: number | undefined): Collaborators => {
  const parsed = Collaborators.safeParse(jsonIn(text));
  if (!parsed.success)
    throw faulty(
      parsed.error.issues.map(({ path, message }) => ({ field: ["COLLABORATORS", ...path].join("."), message })),
    );
  const unreached = Object.entries(parsed.data).filter(([, { port }]) => port === undefined && shared === undefined);
  if (unreached.length === 0) return parsed.data;
  const message = "must be given, unless PORT is: else the overlay cannot call it";
  throw faulty(unreached.map(([name]) => ({ field: `COLLABORATORS.${name}.port`, message })));
};

const jsonIn = (text: string | undefined): unknown => {
  if (text === undefined || text === "")
    throw faulty([{ field: "COLLABORATORS", message: "must be given: JSON, as collaborators in overlay.yaml" }]);
  try {
    return JSON.parse(text);
  } catch {
    throw faulty([{ field: "COLLABORATORS", message: "must be JSON" }]);
  }
};

const faulty = (faults: readonly FieldFault[]): ShadowgraphError => {
  const list = faults.map(({ field, message }) => `${field}: ${message}`).join("; ");
  return new ShadowgraphError("invalid-input", `environment variables at fault: ${list}`, { faults });
};
