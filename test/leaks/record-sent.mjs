// Loaded before everything else into each process and thread of the system under test (NODE_OPTIONS=--import): keeps every byte that it
// sends to table, bucket and queues, by what it is sent to.
import { appendFileSync } from "node:fs";
import http from "node:http";
import { join } from "node:path";
import { threadId } from "node:worker_threads";

const folder = process.env.RECORD_SENT_IN;
const storeOf = (request) => {
  const target = String(request.getHeader("x-amz-target") ?? "");
  if (target.startsWith("DynamoDB")) return "table";
  if (target.startsWith("AmazonSQS")) return "queue";
  return request.method === "PUT" ? "bucket" : "other";
};
const { write, end } = http.ClientRequest.prototype;
const keep = (request, chunk, isLast) => {
  if (typeof chunk !== "string" && !(chunk instanceof Uint8Array)) chunk = "";
  const line = isLast ? `\n${request.path}\n` : "";
  appendFileSync(
    join(folder, `${storeOf(request)}-${process.pid}-${threadId}`),
    Buffer.concat([Buffer.from(chunk), Buffer.from(line)]),
  );
};
if (folder !== undefined) {
  http.ClientRequest.prototype.write = function (chunk, ...rest) {
    keep(this, chunk, false);
    return write.call(this, chunk, ...rest);
  };
  http.ClientRequest.prototype.end = function (chunk, ...rest) {
    keep(this, chunk, true);
    return end.call(this, chunk, ...rest);
  };
}
