import * as z from "zod";
import { LaneTarget, TargetUrl } from "./plan.ts";
import { Probe } from "./probe.ts";

/** The secondary: `baseline` itself once more, `none`, `control`: a control overlay is deployed, or a target: one that runs. */
export const Secondary = z.union([z.enum(["baseline", "none", "control"]), LaneTarget]);

const Image = z.string().regex(/^[\w][\w./:@-]{0,511}$/, "must be a container image such as registry/name:tag");
const VariableName = z.string().regex(/^[A-Za-z_]\w*$/, "must be the name of an environment variable");

/** What of the baseline's container is changed. */
export const Change = z.strictObject({
  image: Image.optional(),
  command: z.array(z.string().max(4_096)).min(1).max(64).optional(),
  /** Beside the baseline's, in place of those of the same name. */
  environment: z.record(VariableName, z.string().max(8_192)).optional(),
  cpu: z.int().min(128).max(196_608).optional(),
  memoryMiB: z.int().min(64).max(1_048_576).optional(),
});
export type Change = z.infer<typeof Change>;

const { url: _url, ...target } = LaneTarget.shape;

const Fields = z.strictObject({
  url: TargetUrl.optional(),
  ...Change.shape,
  desiredCount: z.int().min(1).max(100).optional(),
  /** Attached beside the overlays' own: the only way to the baseline's data stores. A network interface takes five. */
  allowSecurityGroups: z
    .array(z.string().regex(/^sg-[0-9a-z]+$/, "must be the id of a security group such as sg-0a1b2c"))
    .max(4)
    .optional(),
  ...target,
  secondary: Secondary.optional(),
  /** Shows that `sideEffects` holds; without one that passed, no write is mirrored. */
  probe: Probe.optional(),
});

/** What only a service that is deployed can have. */
const OF_IMAGE = ["command", "environment", "cpu", "memoryMiB", "desiredCount", "allowSecurityGroups"] as const;

/** A service under change: where it answers, or the image to deploy in the baseline's place. */
export const ChangedService = Fields.superRefine((service, context) => {
  const fail = (field: string, message: string) => context.addIssue({ code: "custom", path: [field], message });
  const { url, image, secondary } = service;
  if (url === undefined && image === undefined)
    fail("url", "the address of a service that runs, unless image is given");
  if (url !== undefined && image !== undefined)
    fail("image", "must not stand beside url: one names a service that runs, the other one to deploy");
  if (image === undefined && secondary !== "control")
    for (const field of OF_IMAGE)
      if (service[field] !== undefined) fail(field, "needs image: a service with a url is not deployed");
}).overwrite((service) => ({
  ...service,
  secondary: service.secondary ?? (service.image === undefined ? "baseline" : "control"),
}));
export type ChangedService = z.infer<typeof ChangedService>;

/** A control overlay is the default where overlays are deployed. */
export const secondaryOf = ({ secondary, image }: ChangedService): NonNullable<ChangedService["secondary"]> =>
  secondary ?? (image === undefined ? "baseline" : "control");

export const isDeployed = (service: ChangedService): boolean =>
  service.image !== undefined || secondaryOf(service) === "control";
