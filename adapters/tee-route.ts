import * as z from "zod";

const Arn = z.string().regex(/^arn:[\w-]+:elasticloadbalancing:/, "must be an ARN of Elastic Load Balancing");

/** One way by which callers come to a tee: a rule of a listener that sends a part of them to the tee and all others to the baseline. */
export const TeeRoute = z.strictObject({
  /** Name of the baseline in the catalog. */
  baseline: z.string().min(1),
  service: z.string().min(1),
  listenerArn: Arn,
  teeTargetGroupArn: Arn,
  baselineTargetGroupArn: Arn,
  /** Of requests that go to the tee where nothing is bypassed. */
  percent: z.int().min(1).max(100),
});
export type TeeRoute = z.infer<typeof TeeRoute>;

const json = (text: string, context: z.RefinementCtx): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: "custom", message: "must be JSON" });
    return z.NEVER;
  }
};

/** A variable that holds JSON. */
export const jsonOf = <T extends z.ZodType>(schema: T) => z.string().min(1).transform(json).pipe(schema);
