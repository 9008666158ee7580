import { readFileSync } from "node:fs";
import { join } from "node:path";
import { apiTypes, readDocument } from "../../web/api-types.ts";

test("web/api-shapes.d.ts is of docs/openapi.json: `npm run openapi` writes it", () => {
  expect(readFileSync(join(__dirname, "../../web/api-shapes.d.ts"), "utf8")).toBe(apiTypes(readDocument()));
});
