// Writes docs/configuration.md; a test keeps it in step with the schemas.
import { writeFileSync } from "node:fs";
import { configurationReference } from "./configuration.ts";

writeFileSync(new URL("../docs/configuration.md", import.meta.url), configurationReference());
