import * as z from "zod";
import { shapes } from "./shapes.ts";

export const BypassShape = z.strictObject({
  services: z.array(
    z.strictObject({
      baseline: z.string(),
      service: z.string(),
      bypassed: z.boolean(),
      /** Of requests that go to the tees now, and where nothing is bypassed. */
      teePercent: z.int(),
      configuredPercent: z.int(),
    }),
  ),
});
shapes.add(BypassShape, { id: "Bypass" });
export type BypassShape = z.infer<typeof BypassShape>;
