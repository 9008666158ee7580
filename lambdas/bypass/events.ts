import * as z from "zod";
import { jsonOf } from "../../adapters/tee-route.ts";

/** Numbers come as JSON within text, since CloudFormation makes text of every number. */
export const Match = jsonOf(
  z.strictObject({
    priority: z.int().min(1).max(50_000),
    hosts: z.array(z.string()),
    paths: z.array(z.string()),
  }),
);

const request = <T extends string, P extends z.ZodObject>(type: T, properties: P) =>
  z.object({
    RequestType: z.enum(["Create", "Update", "Delete"]),
    ResourceType: z.literal(type),
    ResponseURL: z.url(),
    StackId: z.string(),
    RequestId: z.string(),
    LogicalResourceId: z.string(),
    PhysicalResourceId: z.string().optional(),
    ResourceProperties: properties,
  });

/** The rule of the listener; it begins with nothing sent to the tee. */
export const RuleRequest = request("Custom::TeeRule", z.object({ Match }));
/** Opens the way once the tees stand, and closes it before they go. */
export const OpeningRequest = request("Custom::TeeOpening", z.object({}));
export const ResourceRequest = z.discriminatedUnion("ResourceType", [RuleRequest, OpeningRequest]);
export type ResourceRequest = z.infer<typeof ResourceRequest>;

/** What CloudWatch calls a function with when an alarm changes. */
export const AlarmEvent = z.object({
  source: z.literal("aws.cloudwatch"),
  alarmData: z.object({
    alarmName: z.string(),
    state: z.object({ value: z.string(), reason: z.string().default("") }),
  }),
});
export type AlarmEvent = z.infer<typeof AlarmEvent>;

export const BypassEvent = z.union([ResourceRequest, AlarmEvent]);
