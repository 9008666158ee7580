import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import * as z from "zod";
import { Deployment } from "../core/deploy/deployment.ts";
import { ShadowgraphError } from "../core/errors.ts";
import type { Deployments, DeployQueue } from "./deploy-ports.ts";
import { calling } from "./fault.ts";
import { ABSENT, type Table } from "./table.ts";

/** In one partition, so that all are one query; there are no more of them than overlays. */
const PARTITION = "DEPLOYMENTS";

export const createDeployments = (table: Table): Deployments => ({
  async of(env) {
    const row = await table.get({ pk: PARTITION, sk: env });
    return row === undefined ? undefined : Deployment.parse(row.value);
  },

  all: async () => (await table.all(PARTITION, "")).map((row) => Deployment.parse(row.value)),

  put(deployment) {
    const { env, step } = deployment;
    const condition = step === 1 ? ABSENT : { expression: "#step = :before", values: { before: step - 1 } };
    return table.put({ pk: PARTITION, sk: env, value: deployment, attributes: { step }, condition });
  },

  delete: async (env) => void (await table.delete({ pk: PARTITION, sk: env })),
});

/** What the deploy queue carries: whose deployment, or release, goes on. How far it is stands in the table alone. */
const DeployMessage = z.union([
  z.strictObject({ deploy: z.string().min(1) }),
  z.strictObject({ release: z.string().min(1) }),
]);
export type DeployMessage = z.infer<typeof DeployMessage>;

export const createDeployQueue = (sqs: SQSClient, queueUrl: string): DeployQueue => ({
  async ask(message, delaySeconds = 0) {
    const command = new SendMessageCommand({
      QueueUrl: queueUrl,
      MessageBody: JSON.stringify(message),
      DelaySeconds: delaySeconds,
    });
    await calling(`ask for ${JSON.stringify(message)}`, () => sqs.send(command));
  },
});

/** @throws ShadowgraphError "invalid-input" */
export const readDeployMessage = (body: string): DeployMessage => {
  try {
    return DeployMessage.parse(JSON.parse(body));
  } catch (cause) {
    throw new ShadowgraphError("invalid-input", "the message does not say what to deploy or release", { cause });
  }
};
