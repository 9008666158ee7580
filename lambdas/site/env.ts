import * as z from "zod";

export const SiteEnv = z.object({
  /** Where the files of the dashboard go. */
  SITE_BUCKET: z.string().min(1),
});
export type SiteEnv = z.infer<typeof SiteEnv>;
