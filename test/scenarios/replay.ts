import { readFileSync } from "node:fs";
import { join } from "node:path";
import { zstdDecompressSync } from "node:zlib";
import type { Exchange, Reply } from "./exchanges.ts";
import type { RecordedAnswer, Recording } from "./recording.ts";
import type { Scenario } from "./scenario.ts";

const readRecording = (name: string): Recording =>
  JSON.parse(zstdDecompressSync(readFileSync(join(import.meta.dirname, "recorded", `${name}.json.zst`))).toString());

/** The exchanges of a recording, over and over, until there are as many as the scenario wants. */
export function* replay({ recording: name, pairs, lanes }: Scenario): Generator<Exchange> {
  const recording = readRecording(name!);
  const requests = recording.requests.map((text) => Buffer.from(text, "latin1"));
  const answers = recording.answers.map((text) => Buffer.from(text, "latin1"));
  const replyOf = ([answer, ms]: RecordedAnswer): Reply =>
    answer < 0 ? { fails: "reset", ms } : { raw: answers[answer]!, ms };
  for (let number = 0; number < pairs; number += 1) {
    const [request, at, primary, secondary, candidate] = recording.exchanges[number % recording.exchanges.length]!;
    const replies = { primary: replyOf(primary), candidate: replyOf(candidate) };
    const control = lanes === "none" ? {} : { secondary: replyOf(secondary) };
    yield { at, caller: `10.0.0.${number % 20}`, request: requests[request]!, replies: { ...replies, ...control } };
  }
}
