import type { SQSHandler } from "aws-lambda";
import { parseEnv } from "../../adapters/env.ts";
import { createPorts } from "../../adapters/ports-of.ts";
import { DiffPairsEnv } from "./env.ts";
import { processSegments } from "./process-segments.ts";

const ports = createPorts(parseEnv(DiffPairsEnv, process.env));

export const handler: SQSHandler = (event) => processSegments(event, ports);
