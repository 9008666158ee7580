import * as z from "zod";

const id = (prefix: string) =>
  z.string().regex(new RegExp(`^${prefix}-[0-9a-f]{8,17}$`), `must be like ${prefix}-0abc1234`);

export const SecurityGroupId = id("sg");
export const SubnetId = id("subnet");
export const Cidr = z
  .string()
  .regex(/^(\d{1,3}\.){3}\d{1,3}\/\d{1,2}$/, "must be a range of addresses such as 10.0.0.0/8");

const Zone = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d[a-z]$/, "must be a zone such as eu-central-1a");

const OwnNetwork = z
  .strictObject({
    cidr: Cidr.default("10.64.0.0/16"),
    zones: z.int().min(2).max(3).default(2),
    /** The region's first ones unless given: not in each of them is everything that the tees need. */
    availabilityZones: z.array(Zone).min(2).max(3).optional(),
    natGateways: z.int().min(0).max(3).default(1),
  })
  .refine(({ zones, availabilityZones }) => availabilityZones === undefined || availabilityZones.length === zones, {
    path: ["availabilityZones"],
    message: "must be as many as zones",
  });

export const GivenNetwork = z
  .strictObject({
    vpcId: id("vpc"),
    availabilityZones: z.array(Zone).min(2),
    privateSubnetIds: z.array(SubnetId).min(2),
    publicSubnetIds: z.array(SubnetId).optional(),
  })
  .superRefine(({ availabilityZones: zones, ...lists }, context) => {
    for (const [name, ids] of Object.entries({ ...lists, vpcId: undefined })) {
      if (!Array.isArray(ids) || ids.length === zones.length) continue;
      const message = `must be as many as availabilityZones (${zones.length}), in the same order; got ${ids.length}`;
      context.addIssue({ code: "custom", path: [name], message });
    }
  });

/** Where fleets stand: exactly one of both. */
export const NetworkShape = z
  .strictObject({ own: OwnNetwork.optional(), given: GivenNetwork.optional() })
  .refine(({ own, given }) => (own === undefined) !== (given === undefined), "must hold exactly one of own and given");
export type NetworkShape = z.infer<typeof NetworkShape>;
