import type { ResourceRequest } from "./events.ts";

export type Answer =
  | { readonly Status: "SUCCESS"; readonly PhysicalResourceId: string }
  | { readonly Status: "FAILED"; readonly PhysicalResourceId: string; readonly Reason: string };

type Asker = Pick<ResourceRequest, "ResponseURL" | "StackId" | "RequestId" | "LogicalResourceId">;

/** CloudFormation waits for this, for as long as the resource's `ServiceTimeout`. */
export const answerTo = async (
  { ResponseURL, StackId, RequestId, LogicalResourceId }: Asker,
  answer: Answer,
): Promise<void> => {
  const body = JSON.stringify({ ...answer, StackId, RequestId, LogicalResourceId });
  // The address is signed for a request without a content type.
  const response = await fetch(ResponseURL, { method: "PUT", headers: { "content-type": "" }, body });
  if (!response.ok) throw new Error(`CloudFormation did not take the answer: ${response.status}`);
};
