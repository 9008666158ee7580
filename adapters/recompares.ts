import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import * as z from "zod";
import { ShadowgraphError } from "../core/errors.ts";
import { calling } from "./fault.ts";
import { keyOf } from "./key.ts";
import { minuteOf } from "./minute.ts";
import type { FactsKey, Recompare, Recompares } from "./ports.ts";
import { ABSENT, type Table } from "./table.ts";

/** Beside segments and claim checks, the segment queue carries this: compare the archive of a run anew, a step of it. */
const RecompareMessage = z.strictObject({
  recompare: z.strictObject({ env: z.string().min(1), run: z.string().min(1), version: z.string().min(1) }),
});

/** The message holds no place in the archive: the row does, so that a message delivered twice, or lost, does no harm. */
export const createRecompares = (table: Table, sqs: SQSClient, queueUrl: string): Recompares => {
  const keyOfRow = (env: string, run: string) => ({ pk: keyOf("ENV", env), sk: keyOf("RECOMPARE", run) });

  return {
    of: async (env, run) => (await table.get(keyOfRow(env, run)))?.value as Recompare | undefined,

    put(env, run, recompare) {
      const { step } = recompare;
      const condition = step === 1 ? ABSENT : { expression: "#step = :before", values: { before: step - 1 } };
      return table.put({ ...keyOfRow(env, run), value: recompare, attributes: { step }, condition });
    },

    async ask({ env, run, version }, delaySeconds = 0) {
      const message: z.infer<typeof RecompareMessage> = { recompare: { env, run, version } };
      const command = new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: JSON.stringify(message),
        DelaySeconds: delaySeconds,
      });
      await calling(`ask for the archive of ${env} to be compared anew`, () => sqs.send(command));
    },
  };
};

/** Whose archive the message asks to compare; undefined for a segment or a claim check. */
export const readRecompare = (body: string): FactsKey | undefined => {
  if (!body.startsWith('{"recompare"')) return undefined;
  try {
    return RecompareMessage.parse(JSON.parse(body)).recompare;
  } catch (cause) {
    throw new ShadowgraphError("invalid-input", "the message does not say whose archive to compare", { cause });
  }
};

/** The clock of a tee may be ahead by so much. */
const CLOCK_SKEW_MINUTES = 5;
const MAX_TRIES = 8;

/** Has everything that is archived of a run compared anew, from the beginning. */
export const startRecompare = async (
  recompares: Recompares,
  key: FactsKey,
  now: number,
  delaySeconds = 0,
): Promise<void> => {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const before = await recompares.of(key.env, key.run);
    const started: Recompare = {
      version: key.version,
      done: 0,
      total: 0,
      next: { after: "", object: "", segments: 0 },
      untilMinute: minuteOf(now) + CLOCK_SKEW_MINUTES,
      step: (before?.step ?? 0) + 1,
      at: now,
    };
    if (await recompares.put(key.env, key.run, started)) return recompares.ask(key, delaySeconds);
  }
  throw new ShadowgraphError("unavailable", `too many compare the archive of "${key.env}" anew at once`);
};
