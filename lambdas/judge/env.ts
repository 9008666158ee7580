import * as z from "zod";
import { AdaptersEnv } from "../../adapters/env.ts";
import { VerdictSettings } from "../../core/verdict/settings.ts";

export const JudgeEnv = z.object({
  ...AdaptersEnv.shape,
  /** The baseline that all this is deployed for, as its metrics and events name it. */
  BASELINE_ID: z.string().min(1, "must not be empty").default("local"),
  /** The EventBridge bus that is told of changed verdicts; without it nobody is. */
  EVENT_BUS_NAME: z.string().min(1, "must not be empty").optional(),
  /** VerdictSettings as JSON; a setting that is left out has its default. */
  VERDICT_SETTINGS: z
    .string()
    .min(1, "must not be empty")
    .default("{}")
    .transform((text, context) => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue({ code: "custom", message: "must be JSON" });
        return z.NEVER;
      }
    })
    .pipe(VerdictSettings),
});
export type JudgeEnv = z.infer<typeof JudgeEnv>;
