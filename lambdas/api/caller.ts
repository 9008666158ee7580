import * as z from "zod";

/** What API Gateway says of the caller: the IAM principal of a signed request, or the claims of a checked token. */
const Bindings = z.object({
  event: z.object({
    requestContext: z.object({
      authorizer: z.object({
        iam: z.object({ userArn: z.string() }).nullish(),
        jwt: z.object({ claims: z.object({ email: z.string().optional(), sub: z.string() }) }).nullish(),
      }),
    }),
  }),
});

/** Who asks, for the audit. */
export const callerOf = (_request: Request, bindings: unknown): string => {
  const parsed = Bindings.safeParse(bindings);
  if (!parsed.success) return "unknown";
  const { iam, jwt } = parsed.data.event.requestContext.authorizer;
  return iam?.userArn ?? jwt?.claims.email ?? jwt?.claims.sub ?? "unknown";
};
