// Writes docs/openapi.json; a test keeps it in step with the routes. Never bundled into the Lambda.
import { writeFileSync } from "node:fs";
import { openApiDocument } from "./openapi-document.ts";

const file = new URL("../../docs/openapi.json", import.meta.url);
writeFileSync(file, `${JSON.stringify(openApiDocument(), null, 2)}\n`);
